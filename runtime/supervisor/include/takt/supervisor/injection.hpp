// What a test does to a running graph: what inputs read, and what becomes of processes.
//
// One mechanism for scenarios and for `takt inject` by hand. An injection acts at the reader's side
// of one input; a node fault acts on a process. Times count from the barrier on the graph's clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/status/injections.hpp>

namespace takt {

// The input of one node, or one field of its samples; `field` may be empty where the sample has one
// field only, and for the verbs that act on whole samples.
struct InputTarget {
  std::string node;
  std::string input;
  std::string field;
  // Of an input with fallbacks: NODE.OUTPUT of the one topic that is meant; empty: all of them.
  std::string topic;
  std::string text() const;
};

std::string_view name_of(InjectionVerb verb);

// One value of a driven field, from an instant on.
struct InjectionPoint {
  std::chrono::nanoseconds at{0};
  double value = 0.0;
};

inline constexpr std::chrono::nanoseconds kUntilTheEnd = std::chrono::nanoseconds::max();

// Which samples: `set` acts on what is read at an instant in [from, until), from its first point
// on; every other verb on samples whose publish stamp lies in it. Injections on one input act in
// the order in which they were given. On an external input `set` makes the samples that the others
// act on; a field that is not driven has its initial value there, else zero.
//
// Integers are rounded and stay within their range. Chance makes a boolean 0 or 1 and the length of
// a vector one that it can have: nothing else can be in a sample. A sample that is to be delayed
// and finds `kDelayedMax` waiting is dropped and counted (`undelayed`).
struct Injection {
  std::string name;  // For messages and events.
  InputTarget target;
  InjectionVerb verb = InjectionVerb::off;
  std::chrono::nanoseconds from{0};
  std::chrono::nanoseconds until = kUntilTheEnd;
  std::vector<InjectionPoint> points;  // set: at least one, ascending; stuck: none or one.
  bool interpolate = false;            // set: straight lines between points, else steps.
  double bias = 0.0;
  double scale = 1.0;
  double sd = 0.0;
  std::chrono::nanoseconds by{0};
  std::chrono::nanoseconds jitter{0};
  std::uint32_t divide = 1;
  double drop = 0.0;
  std::uint64_t seed = 0;  // What is drawn by chance depends on it alone, sample by sample.
};

enum class NodeFaultKind {
  kill,  // SIGKILL; the graph's restart policy decides what follows.
  stop,  // SIGSTOP until `until`; in lockstep the node is not released.
  hog,   // A busy thread of the node's class and priority on its CPUs; not in lockstep.
};

std::string_view name_of(NodeFaultKind kind);
// A machine of one CPU comes back.
inline constexpr std::chrono::seconds kHogTimeMax{60};

struct NodeFault {
  std::string name;
  std::string node;
  NodeFaultKind kind = NodeFaultKind::kill;
  std::chrono::nanoseconds at{0};
  std::chrono::nanoseconds until = kUntilTheEnd;  // stop, hog.
  // In lockstep: how long after the kill the restarted node takes part again. 0: the graph does not
  // restart it.
  std::chrono::nanoseconds restart_time{0};
};

// Every input that reads the topic NODE.OUTPUT or NODE.OUTPUT.FIELD, the emergency stop's too.
// Errors: for the person who wrote it; nobody reads it.
Result<std::vector<InputTarget>> targets_of(const GraphSpec& graph, const std::string& topic);

// Whether the graph has what is meant, and the verb can act there. Errors: for the person who wrote
// it.
Result<void> check_injection(const GraphSpec& graph, const Injection& injection);
Result<void> check_node_fault(const GraphSpec& graph, const NodeFault& fault);

Json to_json(const Injection& injection);
Result<Injection> injection_from_json(const Json& json);
Json to_json(const NodeFault& fault);
Result<NodeFault> node_fault_from_json(const Json& json);

// What a scenario gives to a run (RunOptions::rehearsal).
//
// `wire` is one end of a SOCK_SEQPACKET pair whose other end the scenario holds; every message is
// one JSON object. The run says:
//   {"event": "barrier", "t_ns": 0}           the graph's time has begun
//   {"event": "instant", "t_ns": T}           lockstep with `paced` only: every node has done what
//                                             was due at T, and the tap has passed it on; time goes
//                                             on after the answer
//   {"event": "exit" | "ready" | "stopped" | "continued", "node": N, "planned": bool, "t_ns": T}
//   {"event": "state", "state": S, "t_ns": T} the graph's state (CONTRACTS) has changed
//   {"event": "refused", "name": N, "message": M}   an injection or fault could not be applied
// and obeys at any time, in lockstep as the answer to an instant:
//   {"go": true, "inject": [Injection...], "faults": [NodeFault...], "end": "reason"}
// where every key may be left out, and a message has at most 128 KiB. Exits are told until the run
// ends, the state in lockstep when an instant is over; "ready" is planned after a planned exit. An
// injection that reaches the run later than its `from` acts from then on. The other end closed: the
// run ends as by Ctrl-C.
struct Rehearsal {
  int wire = -1;
  bool paced = false;
  std::vector<Injection> injections;  // Known before the barrier.
  std::vector<NodeFault> faults;
};

}  // namespace takt
