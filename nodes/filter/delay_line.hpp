// A delay of whole periods, without ports: y(k) = u(k - n).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <takt/base/rt.hpp>
#include <takt/sample/sample.hpp>

namespace takt::nodes {

// Half a second at 1 kHz. Every step copies the whole line away, so that it outlives its process:
// 4 KiB are about a tenth of a microsecond.
inline constexpr std::size_t kDelayPeriodsMax = 500;

struct DelayLineState {
  std::array<double, kDelayPeriodsMax> values;
  double newest;
  std::uint64_t next;  // Where the oldest value stands.
};
TAKT_SAMPLE(DelayLineState, (values), (newest), (next));

// Works on a state that its owner keeps. `periods`: from 1 to kDelayPeriodsMax.
//
// Thread safety: one thread. Real time: yes. Lifetime: that of the state.
class DelayLine {
 public:
  DelayLine(DelayLineState& state, std::size_t periods) : state_(&state), periods_(periods) {}

  // As if `value` had stood for ever.
  void fill(double value) noexcept TAKT_RT {
    state_->values.fill(0.0);
    std::fill_n(state_->values.begin(), periods_, value);
    state_->newest = value;
    state_->next = 0;
  }
  // What was put in `periods` periods before. `passed`: the periods since the step before, 1 or
  // more; the value before stood in those between.
  double step(double value, std::uint64_t passed) noexcept TAKT_RT {
    const std::uint64_t held = std::min<std::uint64_t>(passed > 0 ? passed - 1 : 0, periods_);
    for (std::uint64_t i = 0; i < held; ++i) exchange(state_->newest);
    state_->newest = value;
    return exchange(value);
  }
  // A state of another life may be of another graph.
  bool is_valid() const noexcept { return state_->next < periods_; }

 private:
  double exchange(double value) noexcept TAKT_RT {
    const auto at = static_cast<std::size_t>(state_->next);
    const double oldest = state_->values[at];
    state_->values[at] = value;
    state_->next = (state_->next + 1) % periods_;
    return oldest;
  }

  DelayLineState* state_;
  std::size_t periods_;
};

}  // namespace takt::nodes
