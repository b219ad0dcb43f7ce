// The recorded signals of one run, as assessments look at them.
//
// A signal is the list of its samples (t_i, x_i), t_i the publish time since the barrier; between
// samples the newest one holds, before the first one the signal is undefined.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/scenario/expression/formula.hpp"
#include "runtime/scenario/result.hpp"

namespace takt::scenario {

struct SignalTrace {
  std::vector<std::int64_t> t_ns;  // Ascending.
  std::vector<double> values;
  bool interpolates = false;   // Straight lines between the points, instead of holding.
  std::int64_t period_ns = 0;  // Of its writer; 0: it comes when it comes.

  bool defined_at(std::int64_t t) const { return !t_ns.empty() && t_ns.front() <= t; }
  double at(std::int64_t t) const;
  // By how much the newest sample at `t` differs from the one before; 0 at the first.
  double delta_at(std::int64_t t) const;
};

// Thread safety: immutable once filled. Real time: no. Lifetime: independent.
struct Trace {
  std::vector<SignalTrace> signals;  // In the scope's order.
  std::vector<EventRecord> events;   // In the order of time.
  std::int64_t end_ns = 0;           // Of the run.

  // Calls `each` at the begin of the window, where every signal of `which` is defined then, and at
  // every instant within at which one of them has a sample. `each` returns false to stop.
  void for_each_instant(
      const std::vector<std::size_t>& which, const Span& window,
      const std::function<bool(std::int64_t t_ns, const Instant& instant)>& each) const;

  // The first span without a sample of one of `which` in the window that is longer than `gap`, or,
  // without `gap`, than three and a half periods of its writer.
  struct Gap {
    std::size_t signal = 0;
    Span span;
  };
  std::optional<Gap> find_gap(const std::vector<std::size_t>& which, const Span& window,
                              std::optional<nanoseconds> gap) const;
};

}  // namespace takt::scenario
