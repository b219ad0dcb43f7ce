// Whether this machine is ready for real time: findings, each with what was measured, why it
// matters and the command that changes it.
//
// Facts are read by one layer and judged by another, pure one, against a `Demand`: what a graph, or
// nothing in particular, asks of the machine.
//
// Thread safety: one thread. Real time: no. Lifetime: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <takt/graph/graph_spec.hpp>

namespace takt::doctor {

enum class Status { ok, warn, fail, unknown };

// "ok", "warn", "fail", "unknown".
std::string_view to_text(Status status);

struct Finding {
  std::string id;  // Stable: "kernel.preemption".
  Status status = Status::ok;
  std::string value;  // What was measured.
  std::string why;    // What follows when it is not as it should be; always there.
  std::string fix;    // A command or a setting; empty when there is nothing to do.
};

// One node of the graph, as far as the machine matters to it.
struct NodeDemand {
  std::string name;
  std::vector<int> cpus;               // Empty: any.
  std::chrono::nanoseconds period{0};  // 0: none.
  std::optional<std::chrono::nanoseconds> deadline;
};

struct Demand {
  std::string graph;               // Empty: no graph was named.
  bool real_time_required = true;  // Else what is missing is a warning.
  int priority = 80;               // The highest of the graph's.
  std::vector<int> cpus;           // Those of its real-time nodes, ascending.
  std::chrono::nanoseconds period = std::chrono::milliseconds(1);  // The smallest.
  std::vector<NodeDemand> nodes;                                   // Of real-time classes.
  std::uint64_t pool_bytes = 0;                                    // Shared memory of its samples.
  std::optional<BoardProfile> board;

  // The shortest time in which a node must be woken and done: a period or a deadline.
  std::chrono::nanoseconds tightest() const;
};

// Without a graph: real time on `cpus`, one millisecond.
Demand plain_demand(std::vector<int> cpus);

// What a checked graph asks. `pool_bytes` comes from the plan of its memory.
Demand demand_of(const GraphSpec& graph, std::uint64_t pool_bytes);

// Reads and judges this machine. Tries for a moment to lock memory and to take the real-time class;
// changes nothing that lasts.
std::vector<Finding> examine(const Demand& demand);

bool has(const std::vector<Finding>& findings, Status status);

}  // namespace takt::doctor
