// How a plant passes time: whole periods one by one, and Runge-Kutta for what has no closed form.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <takt/base/rt.hpp>

namespace takt::nodes {

// Bounds on the cost: a plant that was stopped for longer than so many periods is advanced in one
// interval, and an interval has at most so many substeps, which are then longer.
inline constexpr std::int64_t kPlantPeriodsMax = 1000;
inline constexpr std::int64_t kPlantSubstepsMax = 10'000;

// The state `elapsed` later, by `over(state, interval)`: whole periods one by one, so skipped
// releases give the same bytes as releases that were run with the same inputs; any other time in
// one interval.
template <typename State, typename Over>
State advance_by_periods(State state, std::chrono::nanoseconds elapsed,
                         std::chrono::nanoseconds period, const Over& over) noexcept TAKT_RT {
  if (elapsed.count() <= 0) return state;
  const bool whole = period.count() > 0 && elapsed % period == std::chrono::nanoseconds{0};
  if (!whole || elapsed / period > kPlantPeriodsMax) return over(state, elapsed);
  for (std::int64_t n = elapsed / period; n > 0; --n) state = over(state, period);
  return state;
}

// Fourth-order Runge-Kutta in equal substeps of at most `substep`. `rate(state, t)` gives the
// derivative `t` seconds after the start; `settle(state)` has the last word on the state after each
// substep: limits, and what stands still.
template <std::size_t N, typename Rate, typename Settle>
std::array<double, N> integrate(std::array<double, N> s, std::chrono::nanoseconds elapsed,
                                std::chrono::nanoseconds substep, const Rate& rate,
                                const Settle& settle) noexcept TAKT_RT {
  const auto moved = [](const std::array<double, N>& from, const std::array<double, N>& by,
                        double h) {
    std::array<double, N> to{};
    for (std::size_t i = 0; i < N; ++i) to[i] = from[i] + h * by[i];
    return to;
  };
  if (elapsed.count() <= 0) return s;
  const std::int64_t wanted = (elapsed.count() + substep.count() - 1) / substep.count();
  const std::int64_t steps = std::min(wanted, kPlantSubstepsMax);
  const double h = std::chrono::duration<double>(elapsed).count() / static_cast<double>(steps);
  for (std::int64_t n = 0; n < steps; ++n) {
    const double t = static_cast<double>(n) * h;
    const auto k1 = rate(s, t);
    const auto k2 = rate(moved(s, k1, 0.5 * h), t + 0.5 * h);
    const auto k3 = rate(moved(s, k2, 0.5 * h), t + 0.5 * h);
    const auto k4 = rate(moved(s, k3, h), t + h);
    for (std::size_t i = 0; i < N; ++i) {
      s[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    settle(s);
  }
  return s;
}

}  // namespace takt::nodes
