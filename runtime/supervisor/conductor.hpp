// Who works next in lockstep: the supervisor's side of the turn page.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <takt/status/turns.hpp>

namespace takt::supervisor {

// Time stands still until every node that is due has had its turn; then it goes on to the earliest
// instant that any node asks for. A node is due when the instant that it asked for has come, or
// when it waits for its bell and that was rung. Of several the first in `order` has its turn: what
// it triggers comes before what stands behind it.
//
// Thread safety: one thread. Real time: no. Lifetime: not beyond the pages.
class Conductor {
 public:
  // `order`: every node by its place in the pages, as GraphSpec::turn_order.
  Conductor(TurnPage& page, const BellPage& bells, std::vector<std::size_t> order)
      : page_(page),
        bells_(bells),
        order_(std::move(order)),
        gone_(order_.size(), false),
        held_(order_.size(), false) {}

  std::chrono::nanoseconds now() const {
    return std::chrono::nanoseconds(page_.now_ns.load(std::memory_order_relaxed));
  }
  // The node has ended its turn, or, before its first, waits for it.
  bool is_at_rest(std::size_t node) const;
  // Who is to have the next turn at this instant; nobody: it is over. Every node is at rest.
  std::optional<std::size_t> due() const;
  // The earliest instant that a node asks for; kNoInstant when none does.
  std::int64_t next() const;
  // Time goes on.
  void advance(std::int64_t to) { page_.now_ns.store(to, std::memory_order_release); }

  // Lets a node that is at rest work.
  void give(std::size_t node);
  // Sleeps until it is at rest again or the deadline (CLOCK_MONOTONIC) has passed; true: it is.
  bool await_end(std::size_t node, std::chrono::nanoseconds deadline);
  // Its process has ended: it has no turns any more.
  void forget(std::size_t node) { gone_[node] = true; }
  // Another process is started for it: its side of the page begins anew.
  void renew(std::size_t node);
  // That process waits for its first turn.
  void remember(std::size_t node) { gone_[node] = false; }
  // Held, it has no turn, whatever comes.
  void hold(std::size_t node, bool held) { held_[node] = held; }

 private:
  TurnPage& page_;
  const BellPage& bells_;
  std::vector<std::size_t> order_;
  std::vector<bool> gone_;
  std::vector<bool> held_;
};

}  // namespace takt::supervisor
