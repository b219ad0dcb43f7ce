// The figures of a step response, with exactly the conventions of the oracle's lib_metrics.m.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <takt/base/assert.hpp>

namespace takt::test {

struct StepMetrics {
  double yfinal = 0.0;     // Mean of the last 2 % of the record.
  double peak = 0.0;       // Furthest value in the direction of the step.
  double tpeak = 0.0;      // When it is first reached.
  double overshoot = 0.0;  // Run past `yfinal`, in percent of |yfinal - y0|.
  double rise = 0.0;       // From 10 % to 90 % of yfinal - y0, interpolated; NaN: not reached.
  double settle = 0.0;     // Last exit from the 2 % band around `yfinal`; NaN: never inside.
  double iae = 0.0;        // Integral of |reference - y|, trapezoids.
};

namespace detail {

inline constexpr double kNotReached = std::numeric_limits<double>::quiet_NaN();

// The interpolated time at which `rise` first reaches `level`.
inline double first_reach(std::span<const double> t, std::span<const double> rise, double level) {
  const auto found =
      std::find_if(rise.begin(), rise.end(), [level](double z) { return z >= level; });
  if (found == rise.end()) return kNotReached;
  const auto i = static_cast<std::size_t>(found - rise.begin());
  if (i == 0) return t[0];
  return t[i - 1] + (level - rise[i - 1]) / (rise[i] - rise[i - 1]) * (t[i] - t[i - 1]);
}

inline double settling_time(std::span<const double> t, std::span<const double> rise,
                            double amplitude) {
  const double band = 0.02 * amplitude;
  std::size_t after = t.size();  // One past the last sample outside of the band.
  while (after > 0 && std::abs(rise[after - 1] - amplitude) <= band) --after;
  if (after == 0) return t[0];
  if (after == t.size()) return kNotReached;
  const double outside = std::abs(rise[after - 1] - amplitude);
  const double inside = std::abs(rise[after] - amplitude);
  return t[after - 1] + (outside - band) / (outside - inside) * (t[after] - t[after - 1]);
}

}  // namespace detail

// `t` and `y`: one record of equal length, at least one sample; `y0`: the value before the step.
inline StepMetrics step_metrics(std::span<const double> t, std::span<const double> y,
                                double reference, double y0) {
  TAKT_ASSERT(!t.empty());
  TAKT_ASSERT(t.size() == y.size());
  const auto n = y.size();
  const auto tail =
      static_cast<std::size_t>(std::max(1.0, std::round(0.02 * static_cast<double>(n))));

  StepMetrics m;
  for (const double value : y.last(tail)) m.yfinal += value;
  m.yfinal /= static_cast<double>(tail);
  const double direction = m.yfinal < y0 ? -1.0 : 1.0;
  const double amplitude = std::abs(m.yfinal - y0);

  std::vector<double> rise(n);
  std::transform(y.begin(), y.end(), rise.begin(),
                 [&](double value) { return direction * (value - y0); });
  const auto highest = std::max_element(rise.begin(), rise.end());
  m.peak = *highest * direction + y0;
  m.tpeak = t[static_cast<std::size_t>(highest - rise.begin())];
  m.overshoot = std::max(0.0, (*highest - amplitude) / amplitude * 100.0);
  m.rise =
      detail::first_reach(t, rise, 0.9 * amplitude) - detail::first_reach(t, rise, 0.1 * amplitude);
  m.settle = detail::settling_time(t, rise, amplitude);
  for (std::size_t i = 1; i < n; ++i) {
    m.iae +=
        0.5 * (std::abs(reference - y[i - 1]) + std::abs(reference - y[i])) * (t[i] - t[i - 1]);
  }
  return m;
}

}  // namespace takt::test
