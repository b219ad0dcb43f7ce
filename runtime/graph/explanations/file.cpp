// Codes about the file's bytes and its YAML.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kFileEntries[] = {
    {"graph.unreadable-file", "the graph file cannot be read",
     "The path names no regular file, or this user may not read it. A graph is one file, not a\n"
     "folder and not a pipe.",
     "$ takt check graphs/", "$ takt check graphs/motor_speed.yaml"},
    {"graph.too-large", "the file, or a part of it, is too large",
     "A graph file has at most 4 MiB, 100,000 values, 1000 keys in one map and 4096 bytes in one\n"
     "value. A graph of 200 nodes stays far below; what is larger is data, and belongs into a "
     "file\n"
     "of its own that a parameter names.",
     "params: {file: \"time,value; 0,0; 0.001,0.02; ... (5000 characters)\"}",
     "params: {shape: table, file: table.csv}"},
    {"graph.too-deep", "maps and lists are nested too deeply",
     "The language needs 6 levels; 32 are allowed. More is a mistake, often a bracket that was\n"
     "opened again instead of closed.",
     "cpu: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[3]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "cpu: [3]"},
    {"graph.empty", "the file is empty", "The file holds nothing but blanks and comments.",
     "# my graph",
     "takt: 1\n"
     "graph: my_graph\n"
     "nodes:\n"
     "  set_point: {type: source/profile, period: 10ms, params: {shape: step}}"},
    {"graph.not-text", "the file is not UTF-8 text",
     "A graph file is UTF-8 without control characters, so that every tool shows it alike. A byte\n"
     "that is no such text is often an umlaut saved as Latin-1, or a file that is no text at all.",
     "graph: motor\\x00", "graph: motor"},
    {"graph.tab", "a tab stands in the indentation",
     "YAML is indented with spaces: how wide a tab is, no two tools agree on.",
     "nodes:\n<TAB>set_point: {...}", "nodes:\n  set_point: {...}"},
    {"graph.syntax", "the text is not valid YAML",
     "The YAML parser could not go on at this place. The cause often stands on the line before: a\n"
     "bracket or quote that is not closed, a key without a colon, a colon without a blank behind "
     "it.",
     "params: {kp: 100, ki: 200\ninputs: {}", "params: {kp: 100, ki: 200}\ninputs: {}"},
    {"graph.yaml-feature", "a feature of YAML that graph files do not use",
     "Anchors, aliases, merge keys, tags, several documents in one file and keys that are maps "
     "are\n"
     "refused: with them, what holds for a node would stand somewhere else. What all nodes share\n"
     "belongs into 'defaults:'.",
     "left: &wheel {type: plant/dc_motor, period: 1ms}\nright: *wheel",
     "left: {type: plant/dc_motor, period: 1ms}\nright: {type: plant/dc_motor, period: 1ms}"},
    {"graph.duplicate-key", "the same key or name stands twice",
     "YAML readers silently take one of two equal keys, and not all take the same one. Here both "
     "are\n"
     "shown and neither is guessed.",
     "motor:\n  period: 1ms\n  period: 2ms", "motor:\n  period: 1ms"},
    {"graph.wrong-shape", "a map, a list or a single value stands where another is needed",
     "The message says which of the three the place takes. A key without a value counts as "
     "nothing:\n"
     "leave the key out instead.",
     "libraries: takt_nodes\nperiod:", "libraries: [takt_nodes]\nperiod: 10ms"},
};

}  // namespace

std::span<const ExplanationEntry> file_explanations() { return kFileEntries; }

}  // namespace takt::graph
