// Codes about scenarios, the files that `takt test` runs.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kScenarioEntries[] = {
    {"scenario.version", "a scenario of another version of the language",
     "The first key of a scenario says which version of the language it is written in. This takt\n"
     "reads version 1.",
     "takt_scenario: 2", "takt_scenario: 1"},
    {"scenario.no-graph", "a scenario without its graph file",
     "'graph' names the graph that is run. The path starts at the folder of the scenario file, "
     "not\n"
     "at the one that takt was called in.",
     "graph: config/graphs/motor_speed.yaml     # in config/scenarios/motor_speed.yaml",
     "graph: ../graphs/motor_speed.yaml"},
    {"scenario.duplicate-name", "two of a kind with one name",
     "Triggers, reports, folders of results and JUnit tell scenarios, faults and assessments by "
     "their\n"
     "names. Scenarios that are run together, and what stands in one scenario, are named apart.",
     "- {name: settles, always: w < 1}\n- {name: settles, always: w > 0}",
     "- {name: stays below, always: w < 1}\n- {name: stays above, always: w > 0}"},
    {"scenario.bad-parameter", "a parameter with nothing to run, or with a value that is none",
     "A scenario runs once for every combination of the values of its 'parameters'. Each is a "
     "list\n"
     "of single values, no two the same; 'repeat' runs the same again. A value is taken as it is\n"
     "written: it names no other parameter.",
     "parameters: {size: [], speed: [1, 1], twice: [\"${size}\"]}",
     "parameters: {size: [1, 2], speed: [1, 5]}"},
    {"scenario.unknown-parameter", "'${NAME}' where the scenario has no such parameter",
     "'${NAME}' stands for one value of a list under 'parameters'. takt knows no others, none of "
     "the\n"
     "environment either.",
     "parameters: {size: [1, 2]}\nstimulus: [{set: r, at: 1s, to: \"${sise} rad/s\"}]",
     "parameters: {size: [1, 2]}\nstimulus: [{set: r, at: 1s, to: \"${size} rad/s\"}]"},
    {"scenario.unused-parameter", "a parameter that nothing uses (a warning)",
     "The scenario runs once for each of its values, and every run is the same.",
     "parameters: {size: [1, 2]}\nstimulus: [{set: r, at: 1s, to: 1 rad/s}]",
     "parameters: {size: [1, 2]}\nstimulus: [{set: r, at: 1s, to: \"${size} rad/s\"}]"},
    {"scenario.unknown-signal", "a signal that the graph does not have",
     "A signal is an output ('NODE.OUTPUT'), one field of it ('NODE.OUTPUT.FIELD') where a sample "
     "has\n"
     "several, an input that the graph leaves to the scenario ('from: external'), or "
     "'graph.state'.\n"
     "What another node's input reads is named as the output it comes from.",
     "signals: {u: motor.voltage}", "signals: {u: drive.output, a: imu.motion.acceleration[0]}"},
    {"scenario.unknown-node", "a node that the graph does not have",
     "Faults of processes, events, counters and times are about a node of the graph, by the name "
     "that\n"
     "it has there.",
     "faults: [{process: controller, at: 1s, kill: }]",
     "faults: [{process: speed_pid, at: 1s, kill: }]"},
    {"scenario.unknown-fault", "a trigger that waits for a fault that cannot have come before",
     "'fault' and 'fault_cleared' name a fault of the same scenario. A fault that another one "
     "brings\n"
     "about stands behind it, so that none waits for itself.",
     "faults: [{name: stuck, signal: w, at: 1s, stuck: }]\n"
     "assessments: [{name: safe, trigger: {fault: stuk}, response: m == safe, within: 1s}]",
     "faults: [{name: stuck, signal: w, at: 1s, stuck: }]\n"
     "assessments: [{name: safe, trigger: {fault: stuck}, response: m == safe, within: 1s}]"},
    {"scenario.unknown-counter", "a counter that no node has",
     "A node counts cycles, overruns, skipped, misses, restarts, stale_steps and non_finite; each "
     "of\n"
     "its inputs counts taken, lost, stale, switches and injected.",
     "counter: {of: speed_pid.lost, max: 0}", "counter: {of: speed_pid.measurement.lost, max: 0}"},
    {"scenario.bad-expression",
     "a condition or a formula that cannot be read, or is always the same",
     "A condition compares: '<', '<=', '>', '>=', '==', '!=', joined by 'and', 'or', 'not'. Its "
     "names\n"
     "are the scenario's signals, 't' (the time in seconds), the states of the graph and "
     "functions\n"
     "such as abs, min, max, sqrt; delta(NAME) is by how much the newest sample of a signal "
     "differs\n"
     "from the one before. A formula is the same without comparisons.",
     "always: 0 < w < 1", "always: w > 0 and w < 1"},
    {"scenario.bad-target", "what cannot be driven, or cannot fail",
     "A stimulus drives an input, 'NODE.INPUT' or 'NODE.INPUT.FIELD', or sets a parameter of a "
     "node\n"
     "before the start, 'NODE.params.NAME'. A fault spoils a topic, 'NODE.OUTPUT', for all who "
     "read "
     "it,\n"
     "or for one reader, 'NODE.INPUT'; on a topic that nobody reads it would have no effect.",
     "stimulus: [{set: reference.value, at: 1s, to: 1 rad/s}]     # an output",
     "stimulus: [{set: speed_pid.reference, at: 1s, to: 1 rad/s}]"},
    {"scenario.bad-stimulus", "a stimulus without a value, without a time, or after the end",
     "A stimulus has one of to, step, ramp, pulse, csv, and begins either 'at' a time or 'when'\n"
     "something happens, while the scenario runs. A parameter of a node is set before the start "
     "and\n"
     "has no time.",
     "stimulus: [{set: pid.reference, to: 1 rad/s}]",
     "stimulus: [{set: pid.reference, at: 1s, to: 1 rad/s}]"},
    {"scenario.bad-fault", "a fault that does not say what goes wrong or when, or changes nothing",
     "A fault is about a signal, with one of off, stuck, wrong, garbage, noise, delayed, slow,\n"
     "intermittent, or about a process, with one of kill, stop, hog. It begins 'at' a time while "
     "the\n"
     "scenario runs or 'when' something happens, and lasts 'for' a time or to the end.",
     "faults: [{signal: motor.speed, at: 1s, noise: }]",
     "faults: [{signal: motor.speed, at: 1s, noise: {sd: 0.1 rad/s}}]"},
    {"scenario.hog-in-lockstep", "a busy CPU in lockstep",
     "In lockstep logical time waits for every node. A process that takes a node's CPU makes the "
     "run\n"
     "longer and changes nothing in it.",
     "clock: lockstep\nfaults: [{process: motor, at: 1s, hog: }]",
     "clock: realtime\nfaults: [{process: motor, at: 1s, hog: }]"},
    {"scenario.bad-trigger", "a trigger that is none, or two",
     "A trigger is one event: a condition that becomes true, the exit or the readiness of a "
     "process, "
     "or\n"
     "a fault that begins or is cleared. 'delay' and 'stays_true_for_at_least' may stand with it.",
     "trigger: {}", "trigger: {becomes_true: w > 1, stays_true_for_at_least: 10ms}"},
    {"scenario.bad-table", "a CSV file that cannot be used",
     "A table has a head line with the names of its columns and rows of finite numbers. One "
     "column\n"
     "holds the times in seconds, ascending; it is called 't' unless 'time' names another. The "
     "path\n"
     "starts at the folder of the scenario file.",
     "csv: {file: profile.csv, column: speed}        # whose head line is: t, r",
     "csv: {file: profile.csv, column: r}"},
    {"scenario.bad-assessment", "an assessment that does not say what must hold",
     "An assessment has a name and one kind: always, eventually, until, settles, trigger,\n"
     "step_response, mean, rms, iae, minimum, maximum, at_end, compare, timing or counter. A "
     "trigger\n"
     "is followed by one of response, always, eventually, settles. A scenario without assessments\n"
     "tests nothing.",
     "assessments: [{name: overshoot, allways: w < 1}]",
     "assessments: [{name: overshoot, always: w < 1}]"},
    {"scenario.bad-limits", "limits that are missing, contradict each other, or are always met",
     "An assessment that could not fail would say 'passed' and mean nothing. A figure has min or "
     "max,\n"
     "'within: [low, high]', or 'expect' with a tolerance, once. A band in per cent is a share of "
     "the\n"
     "value it is around: around 0 it has no width.",
     "counter: {of: motor.overruns, min: 0}", "counter: {of: motor.overruns, max: 0}"},
    {"scenario.bad-window", "a stretch of time that is none",
     "'over' has a begin and a later end, both from the start of the run, and begins before the\n"
     "scenario's 'duration' is over.",
     "over: [10s, 2s]", "over: [2s, 10s]"},
    {"scenario.timing-in-lockstep", "times of nodes, in lockstep",
     "In lockstep the clock of the graph stands still while a node works: how long it takes, or "
     "how\n"
     "late it wakes, cannot be seen. Counters can be.",
     "clock: lockstep\nassessments: [{name: wakes, timing: {node: motor, wake_p99: 50us}}]",
     "clock: realtime\nassessments: [{name: wakes, timing: {node: motor, wake_p99: 50us}}]"},
};

}  // namespace

std::span<const ExplanationEntry> scenario_explanations() { return kScenarioEntries; }

}  // namespace takt::graph
