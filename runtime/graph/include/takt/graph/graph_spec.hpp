// A checked graph: every default filled in, every name resolved, ready to be run.
//
// Rules that the graph language leaves open and that are settled here:
// - `cpu: auto` keeps each trigger chain on one CPU: that of a member which was put on a CPU by
//   hand, else the highest allowed CPU on which at most 16 nodes stand with it, else the least
//   loaded one. With a board profile isolated CPUs come before all others, and housekeeping ones
//   are left out. Nodes in no real-time class may use any CPU.
// - A node released by `on: {all: ...}` or `on: {any: ...}` belongs to the tree, and has the
//   period, of the first input that it lists. Its outputs inherit an origin when all of these
//   inputs have one.
// - The unit of a Scalar output is that of `units:` or of its declaration, else that of the first
//   reader whose declaration has one, else the unit in which the graph writes its safe value, its
//   first reader's `initial`, or a parameter without a declared unit of a node that has no other
//   output. Such parameters are converted to it, to it per second (a rate), or to a pure number.
// - Trees are taken to be in a cycle when each is released together with the next one.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/diagnostic.hpp>
#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/board.hpp>
#include <takt/manifest/node_config.hpp>

namespace takt {

enum class RealTimeMode { required, best_effort };

// Whose time the nodes live by.
enum class ClockMode {
  realtime,  // The machine's.
  lockstep,  // What the supervisor hands out: one node works at a time, in `turn_order`.
};

// One stream of samples and what it needs of shared memory.
struct TopicSpec {
  TopicName name;
  Layout layout;
  std::string unit;          // Of a Scalar, when known; see above.
  std::uint32_t chunks = 0;  // Samples of it that may exist at once, without the tap's.
};

enum class RestartPolicy {
  never,
  on_failure,  // A crash, a kill, a failed step, a hang.
  always,      // Also after `StepResult::done`.
};

// What the supervisor does when a node's process ends or hangs.
struct NodeSupervision {
  RestartPolicy restart = RestartPolicy::never;
  // Before the second restart within `restart_window`, and twice as long before each further one,
  // at most 5 s; the first one comes at once.
  std::chrono::nanoseconds backoff = std::chrono::milliseconds(100);
  std::uint32_t max_restarts = 5;  // Within `restart_window`; one more ends the graph safely.
  std::chrono::nanoseconds restart_window = std::chrono::seconds(60);
  std::chrono::nanoseconds startup_deadline{0};  // 0: the run's own.
  std::chrono::nanoseconds watchdog{0};  // The longest step before the process is ended; 0: none.
};

// The groups of users that may use the running graph beside its owner and root; empty: nobody else.
struct AccessConfig {
  std::string operators;  // May do everything.
  std::string observers;  // May look, and change nothing.
};

// An edge whose reader sees, or in real time may see, the sample of the period before, and why.
struct DelayedEdge {
  TopicName from;
  std::string node;
  std::string input;
  std::string reason;
};

// Thread safety: a plain value. Real time: no. Lifetime: independent.
struct GraphSpec {
  std::string file;         // As the user named it.
  std::string name;         // `graph:`
  std::string source_text;  // The file's bytes.
  std::string sha256;       // Of `source_text`, hexadecimal.
  RealTimeMode real_time = RealTimeMode::required;
  // In lockstep nodes ask for no real-time settings and on_supervisor_loss is `safe`.
  ClockMode clock = ClockMode::realtime;
  SafetyConfig safety;
  AccessConfig access;
  std::string estop;                         // Its topic, or field of one; empty: none.
  std::vector<NodeConfig> nodes;             // In file order.
  std::vector<NodeSupervision> supervision;  // One a node.
  std::vector<std::string> start_order;      // Names along the data flow; stop runs it backwards.
  // Who comes first of those that are due at one instant (CONTRACTS, order at one instant).
  std::vector<std::size_t> turn_order;
  std::vector<TopicSpec> topics;
  std::vector<DelayedEdge> delayed;

  const NodeConfig* find(std::string_view node) const;
};

// One boolean or number of one output, or input, of a graph, and its bytes.
struct ElementValue {
  std::size_t node = 0;  // In file order.
  std::size_t port = 0;  // In the order of its declaration.
  std::uint32_t offset = 0;
  FieldKind kind = FieldKind::f64;
  std::string field;  // Its name in the sample.
  std::vector<std::byte> bytes;
};

// What `NODE.OUTPUT` or `NODE.OUTPUT.FIELD` means, with `value` ("2 V", "0.5", "true") as the graph
// language would read it: with a unit where one is known, finite, within the field's kind. Errors:
// in words for the person who typed it.
Result<ElementValue> find_element(const GraphSpec& graph, const std::string& target,
                                  const std::string& value);
// The same for NODE.INPUT or NODE.INPUT.FIELD.
Result<ElementValue> find_input_element(const GraphSpec& graph, const std::string& target,
                                        const std::string& value);

// What the checks need to know of the machine, and what the command line overrides.
struct LoadOptions {
  std::vector<int> allowed_cpus;             // CPUs that `cpu: auto` may choose from; empty: CPU 0.
  std::vector<std::string> library_folders;  // Searched after the graph's own folder, in order.
  // A manifest counts only when its library stands beside it; tests of graphs need no libraries.
  bool require_library_files = true;
  // False: it shall run on another machine, whose groups are not known here.
  bool look_up_groups = true;
  // The board that shall run it: a CPU must be both on it and allowed.
  std::optional<BoardProfile> board{};
  std::optional<RealTimeMode> real_time{};  // Beats the graph's.
  std::optional<ClockMode> clock{};         // The same.
};

struct LoadedGraph {
  GraphSpec spec;           // Complete only when `diagnostics` has no errors.
  Diagnostics diagnostics;  // Errors and warnings, in file order.
};

// Reads and checks a graph file. Never throws and never stops at the first mistake: a file that
// cannot be read is a diagnostic too. Cost: milliseconds.
LoadedGraph load_graph(const std::string& path, const LoadOptions& options);

// The same for a text that stands in no file; `name` is shown in diagnostics.
LoadedGraph load_graph_text(const std::string& text, const std::string& name,
                            const LoadOptions& options);

// The long explanation of a diagnostic's code ("graph.unknown-key"): what it means, a wrong and a
// right example. Null when there is no such code.
struct Explanation {
  std::string code;
  std::string title;
  std::string text;
};
const Explanation* explain(std::string_view code);
std::vector<std::string> explained_codes();

// The library folders of an installed or built takt: TAKT_NODE_PATH (colon-separated), then
// `<prefix>/lib/takt/nodes` beside the running program.
std::vector<std::string> default_library_folders();

}  // namespace takt
