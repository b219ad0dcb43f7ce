// Codes about nodes that own a device.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kDeviceEntries[] = {
    {"graph.missing-on-silence", "a device, and nothing about its behaviour in silence",
     "takt drives a device to its safe value whenever it can. When the process that owns the "
     "device\n"
     "has died or hangs, only the device itself can act at once. The graph says what it does: "
     "whether\n"
     "it goes to a safe state by itself after a time, or holds its last command until takt's last\n"
     "will has opened it anew.",
     "valve: {type: actuator/udp, on: command, safe: {applied: 0}}",
     "valve: {type: actuator/udp, on: command, safe: {applied: 0},\n"
     "        on_silence: {device_timeout: 200ms}}"},
    {"graph.unknown-silence", "nobody knows what a device does in silence",
     "'unknown' is an honest answer and no basis for a machine that moves: it is an error where "
     "real\n"
     "time is required, and a warning under 'best_effort', for experiments.",
     "real_time: required\nnodes:\n  valve: {type: actuator/udp, on_silence: unknown}",
     "real_time: required\nnodes:\n  valve: {type: actuator/udp, on_silence: holds_last}"},
    {"graph.timeout-below-period", "a device that gives up between two commands (a warning)",
     "The node drives its device once in a period. A device whose own time-out is shorter goes to "
     "its\n"
     "safe state before the next command is due.",
     "valve: {type: actuator/udp, period: 100ms, on_silence: {device_timeout: 50ms}}",
     "valve: {type: actuator/udp, period: 10ms, on_silence: {device_timeout: 50ms}}"},
    {"graph.bad-estop", "an emergency stop that cannot stop or cannot be released",
     "'estop' names one boolean or number: 'node.output', or 'node.output.field' when the sample "
     "has\n"
     "several fields. It is released when it has the value 'released' (false or 0 when that is "
     "left\n"
     "out); any other value, silence for longer than 'max_age', or no sample at all is a press. "
     "All\n"
     "actuators then go to their safe outputs in their own loops and stay there: release moves\n"
     "nothing, 'takt arm' does. The node that reads the button is no actuator itself.",
     "estop: {from: panel.state, max_age: 100ms}",
     "estop: {from: panel.state.button, released: false, max_age: 100ms}"},
};

}  // namespace

std::span<const ExplanationEntry> device_explanations() { return kDeviceEntries; }

}  // namespace takt::graph
