// When a node that has ended is started again, and when that is enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include <takt/graph/graph_spec.hpp>

namespace takt::supervisor {

// Thread safety: one thread. Real time: no. Lifetime: the run's; one a node.
class RestartPlan {
 public:
  RestartPlan() = default;
  explicit RestartPlan(const NodeSupervision& rules) : rules_(rules) {}

  enum class Next {
    leave,    // It stays ended; for the graph its end is what the policy `never` says.
    restart,  // At `at`.
    give_up,  // It was restarted too often.
  };
  struct Answer {
    Next next = Next::leave;
    std::chrono::nanoseconds at{0};  // CLOCK_MONOTONIC
  };
  // The node has ended at `now`; `clean`: with exit status 0.
  Answer ended(std::chrono::nanoseconds now, bool clean);

  // Somebody asked for a restart: it is counted, and nothing is held against the node.
  void planned() { ++restarts_; }

  std::uint32_t restarts() const { return restarts_; }
  const NodeSupervision& rules() const { return rules_; }

 private:
  NodeSupervision rules_;
  std::deque<std::chrono::nanoseconds> recent_;  // Ends within the window.
  std::uint32_t restarts_ = 0;
};

}  // namespace takt::supervisor
