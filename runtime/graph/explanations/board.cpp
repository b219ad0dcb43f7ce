// Codes about board profiles, and about what one says against a graph.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kBoardEntries[] = {
    {"board.version", "a board profile of another version",
     "'takt_board' says in which version of the profile's language the file is written. This takt\n"
     "reads version 1.",
     "takt_board: 2", "takt_board: 1"},
    {"board.cpus", "CPUs of a board that contradict each other",
     "A board with 'count: 4' has the CPUs 0 to 3. 'isolated' lists those that are left to the "
     "nodes,\n"
     "'housekeeping' those of the rest of the system; a CPU stands in at most one list, once.",
     "cpus: {count: 4, isolated: [3, 4]}",
     "cpus: {count: 4, isolated: [2, 3], housekeeping: [0, 1]}"},
    {"board.wake-latency", "wake-up latencies that cannot be",
     "'p99' is what 99 of 100 wake-ups keep, 'max' what every one keeps: 'max' is never the "
     "smaller.\n"
     "'takt doctor --latency 60s' measures both.",
     "wake_latency: {p99: 80us, max: 50us}", "wake_latency: {p99: 50us, max: 80us}"},
    {"board.duplicate-device", "two buses on one device",
     "A bus is the name under which nodes know a device. With two names for one device two nodes\n"
     "would drive it without knowing of each other.",
     "buses:\n"
     "  can0: {kind: can, driver: socketcan, device: can0}\n"
     "  arm: {kind: can, driver: socketcan, device: can0}",
     "buses:\n  arm: {kind: can, driver: socketcan, device: can0}"},
    {"board.memory", "a graph's samples do not fit into the board's memory",
     "The samples live in shared memory that is made and locked before the start. 'takt check' "
     "shows\n"
     "how much of it the graph needs; the profile's 'memory_mib' is all that the board has.",
     "memory_mib: 256    # and a camera whose frames need 400 MiB",
     "view: {inputs: {frame: {from: camera.frame, queue: {depth: 2}}}}"},
    {"graph.no-cpu", "no CPU is left for 'cpu: auto'",
     "'cpu: auto' takes the isolated CPUs of the board profile first and its housekeeping ones "
     "never.\n"
     "Here all CPUs that the graph may use are for housekeeping.",
     "cpus: {count: 2, housekeeping: [0, 1]}",
     "cpus: {count: 2, isolated: [1], housekeeping: [0]}"},
    {"graph.housekeeping-cpu", "a node on a housekeeping CPU (a warning)",
     "The board profile keeps this CPU for interrupts and the rest of the system: they would "
     "delay\n"
     "the node, and the node them.",
     "cpu: 0      # and the profile says 'housekeeping: [0]'", "cpu: auto"},
    {"graph.below-wake-latency", "a limit that the board's wake-ups alone exceed (a warning)",
     "The profile's 'wake_latency: max' is how late the board may wake a real-time thread. A "
     "deadline\n"
     "or an age limit below that is missed now and then, whatever the node does.",
     "deadline: 50us     # and the profile says 'wake_latency: {max: 150us}'", "deadline: 500us"},
};

}  // namespace

std::span<const ExplanationEntry> board_explanations() { return kBoardEntries; }

}  // namespace takt::graph
