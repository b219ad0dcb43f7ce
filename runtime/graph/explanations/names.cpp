// Codes about libraries, types and what is connected with what.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kNameEntries[] = {
    {"graph.library-not-found", "a library of nodes is not there",
     "Libraries are looked for in the graph's folder, in the folders of TAKT_NODE_PATH and in "
     "takt's\n"
     "own. Both files must be there: libNAME.so and libNAME.takt.json, which the build writes "
     "beside\n"
     "it.",
     "libraries: [libmy_nodes.so]", "libraries: [my_nodes]"},
    {"graph.bad-manifest", "the manifest of a library cannot be used",
     "The manifest says what the nodes of a library declare; checks read it and never load the\n"
     "library. It is damaged, or written by another version of takt: build the library again.",
     "libraries: [my_nodes]    # libmy_nodes.takt.json was edited",
     "libraries: [my_nodes]    # libmy_nodes.takt.json comes from the build"},
    {"graph.ambiguous-type", "two libraries have a node of the same type",
     "Which one is meant cannot be told. Name only the library that is needed.",
     "libraries: [takt_nodes, copy_of_takt_nodes]", "libraries: [takt_nodes]"},
    {"graph.unknown-type", "no library has such a node",
     "A type is written as its class declares it: 'controller/pid'. 'takt nodes' lists those that "
     "are\n"
     "found; a type of a library of your own needs that library under 'libraries:'.",
     "pid: {type: controller/PID, period: 1ms}", "pid: {type: controller/pid, period: 1ms}"},
    {"graph.unknown-node", "an input reads from a node that does not exist",
     "The part before the dot is the name of a node of this graph, not its type.",
     "inputs: {voltage: actuator.output}", "inputs: {voltage: drive.output}"},
    {"graph.unknown-input", "a node has no such input",
     "The help line lists the inputs that the node's type declares.",
     "on: measured\ninputs: {measured: motor.speed}",
     "on: measurement\ninputs: {measurement: motor.speed}"},
    {"graph.unknown-output", "a node has no such output",
     "The help line lists the outputs that the node's type declares.",
     "inputs: {measurement: motor.velocity}", "inputs: {measurement: motor.speed}"},
    {"graph.unknown-param", "a node has no such parameter",
     "The help line lists the parameters that the node's type declares.", "params: {Kp: 100}",
     "params: {kp: 100}"},
    {"graph.unconnected-input", "an input that the node needs reads nothing",
     "A step never runs with a required input missing, so such a node would never run. Only "
     "inputs\n"
     "that the type declares as optional may stay unconnected, and no trigger.",
     "motor: {type: plant/dc_motor, period: 1ms}",
     "motor: {type: plant/dc_motor, period: 1ms, inputs: {voltage: drive.output}}"},
    {"graph.type-mismatch", "the output gives another kind of sample than the input takes",
     "Samples cross process borders as bytes: name, size, fields and units of both ends must be "
     "the\n"
     "same. The notes show both. Two layouts of one name are two versions of a struct: build both\n"
     "libraries from the same header.",
     "inputs: {joint: imu.motion}       # takes JointState, gets Imu",
     "inputs: {joint: encoder.joint}    # takes JointState, gets JointState"},
    {"graph.missing-safe", "an actuator without a safe value",
     "What an actuator drives when it must not trust its inputs is your decision; no default is "
     "safe\n"
     "for every machine.",
     "drive: {type: actuator/limiter, on: command}",
     "drive: {type: actuator/limiter, on: command, safe: {output: 0 V}}"},
    {"graph.not-safe", "a safe value for an output that drives nothing",
     "Only outputs that their type declares as safe have a safe value; others publish nothing "
     "while\n"
     "their node is safe.",
     "pid: {type: controller/pid, on: measurement, safe: {output: 0 V}}",
     "drive: {type: actuator/limiter, on: command, safe: {output: 0 V}}"},
};

}  // namespace

std::span<const ExplanationEntry> name_explanations() { return kNameEntries; }

}  // namespace takt::graph
