// Codes about the keys and words of the graph language.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kLanguageEntries[] = {
    {"graph.unknown-key", "a key that the language does not have",
     "A misspelt key would silently leave its default in force, so every unknown key is an error.",
     "motor: {type: plant/dc_motor, perod: 1ms}", "motor: {type: plant/dc_motor, period: 1ms}"},
    {"graph.unsupported-key", "a key that this version of takt has no effect for",
     "The key belongs to the language, but this version does not do what it says. Accepting it\n"
     "would promise, for example, a restart that never comes.",
     "motor: {type: plant/dc_motor, period: 1ms, restart: on_failure}",
     "motor: {type: plant/dc_motor, period: 1ms}"},
    {"graph.external-input", "a key that an external input cannot have",
     "No topic feeds an input that is 'from: external': a scenario or 'takt force' writes it, and "
     "each\n"
     "release reads the value of its instant. There is no queue, and nothing to delay.",
     "reference: {from: external, queue: {depth: 4}}",
     "reference: {from: external, initial: 0 rad/s}"},
    {"graph.external-fallback", "'external' in a list of topics",
     "A list 'from: [primary, backup]' is left when its newest sample is too old. What is written\n"
     "from outside replaces no topic, and no topic replaces it: the input is external as a whole.",
     "reference: {from: [planner.speed, external], max_age: 50ms}", "reference: {from: external}"},
    {"graph.external-trigger", "an external input that shall release its node",
     "Nobody publishes to an input that is 'from: external', so nobody rings. The node runs by "
     "time or\nby another input, and reads the external one then.",
     "on: reference\ninputs: {reference: external}",
     "period: 10ms\ninputs: {reference: external}"},
    {"graph.missing-key", "a mandatory key is missing",
     "A graph has 'takt', 'graph' and at least one entry in 'nodes'; a node has a 'type'; an input "
     "in\n"
     "the long form has 'from'; a queue has a 'depth'.",
     "nodes:\n  motor: {period: 1ms}", "nodes:\n  motor: {type: plant/dc_motor, period: 1ms}"},
    {"graph.version", "another version of the graph language",
     "The first key says for which version of the language the file is written. This takt reads\n"
     "version 1.",
     "takt: 2", "takt: 1"},
    {"graph.bad-name", "a name with characters that names cannot have",
     "Names of nodes become parts of topics ('node.output'), of processes and of files: 1 to 32\n"
     "letters, digits and underscores, beginning with a letter. Names of graphs and libraries may\n"
     "also have dashes.",
     "nodes:\n  front-left: {type: plant/dc_motor, period: 1ms}",
     "nodes:\n  front_left: {type: plant/dc_motor, period: 1ms}"},
    {"graph.unknown-word", "a word that is none of those allowed here",
     "The message lists the allowed words. They are written in small letters.",
     "real_time: best-effort\ndefaults: {policy: FIFO}",
     "real_time: best_effort\ndefaults: {policy: fifo}"},
    {"graph.bad-duration", "no duration",
     "A duration is a number with one of the units ns, us, ms, s, min: 10 could be anything. It is "
     "a\n"
     "whole number of nanoseconds and at most a day.",
     "period: 10\ndeadline: half a second", "period: 10ms\ndeadline: 0.5s"},
    {"graph.bad-offset", "an offset that is none",
     "An offset moves the releases of a periodic node on the graph's common grid: with 'period: "
     "10ms,\n"
     "offset: 2ms' it runs 2, 12, 22 ... ms after the start. It is at least zero, less than the\n"
     "period, and has no meaning without one.",
     "motor: {type: plant/dc_motor, period: 10ms, offset: 10ms}",
     "motor: {type: plant/dc_motor, period: 10ms, offset: 2ms}"},
    {"graph.bad-tolerance", "'tolerate' is not 'm in k'",
     "'tolerate: 2 in 100' forgives two missed deadlines in any 100 cycles before 'on_miss' acts. "
     "At\n"
     "least 1 of at most 1024, and fewer misses than cycles: otherwise it would forgive all.",
     "tolerate: 10 in 10", "tolerate: 2 in 100"},
    {"graph.bad-restart-limit", "'max_restarts' is not 'n in T'",
     "'max_restarts: 3 in 10s' lets a node be restarted three times within any ten seconds; when "
     "it\nends once more, the graph goes through its safe state and stops.",
     "max_restarts: 3", "max_restarts: 3 in 10s"},
    {"graph.watchdog-too-short", "a watchdog that would end healthy nodes",
     "The watchdog ends a process whose step does not return, as a crash would. The machine "
     "itself\n"
     "may stand still for milliseconds: 10 ms are the least. A step that is merely late is judged "
     "by\n'deadline' and 'on_miss'.",
     "watchdog: 1ms", "watchdog: 100ms\ndeadline: 1ms\non_miss: safe"},
    {"graph.unknown-group", "a group of users that this machine does not have",
     "'access' lets the members of two groups use a running graph: operators may do everything,\n"
     "observers may look ('takt ps', 'takt echo') and change nothing. Everybody else is refused, "
     "so a\nmisspelt group would lock out the people it is meant for. 'takt check --board' does "
     "not "
     "look\nfor groups: they are those of the board.",
     "access: {operators: robot-operator, observers: users}",
     "access: {operators: robot-operators, observers: users}"},
    {"graph.bad-topic", "no topic",
     "An input names the one output that it reads: node, dot, output.", "inputs: {voltage: drive}",
     "inputs: {voltage: drive.output}"},
    {"graph.without-effect", "a setting that changes nothing here",
     "'on_miss' needs a 'deadline', 'tolerate' an 'on_miss' other than 'count', 'within' goes "
     "with\n"
     "'all', 'on_stale' needs an age limit, and a 'priority' belongs to the real-time classes. A\n"
     "setting that looks effective and is not would mislead its reader.",
     "pid: {type: controller/pid, period: 1ms, on_miss: safe}",
     "pid: {type: controller/pid, period: 1ms, deadline: 500us, on_miss: safe}"},
    {"graph.no-trigger", "nothing releases the node",
     "Every node has exactly one trigger: a 'period', samples ('on: input', 'on: {all: [a, b]}',\n"
     "'on: {any: [a, b]}'), or 'run: free' (back to back).",
     "pid: {type: controller/pid, inputs: {measurement: motor.speed}}",
     "pid: {type: controller/pid, on: measurement, inputs: {measurement: motor.speed}}"},
    {"graph.two-triggers", "two triggers where one is possible",
     "A node is released either by time or by samples. A periodic node still reads its inputs: it\n"
     "takes the newest sample at its release.",
     "pid: {type: controller/pid, period: 1ms, on: measurement}",
     "pid: {type: controller/pid, on: measurement}"},
};

}  // namespace

std::span<const ExplanationEntry> language_explanations() { return kLanguageEntries; }

}  // namespace takt::graph
