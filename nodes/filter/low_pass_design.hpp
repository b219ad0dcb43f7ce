// A low-pass of first or second order from its cut-off and damping, without ports.
//
//   order 1:  w / (s + w)                          -3 dB at w
//   order 2:  w^2 / (s^2 + 2 d w s + w^2)          -3 dB at w for d = 1/sqrt(2) (Butterworth)
//
// Source: Franklin, Powell, Workman, "Digital Control of Dynamic Systems", also for prewarping.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

#include "nodes/filter/discrete_filter.hpp"

namespace takt::nodes {

struct LowPassSettings {
  std::int64_t order = 1;
  double omega = 0.0;  // rad/s
  double damping = 0.0;
  bool prewarped = false;  // For tustin: the discrete filter has the cut-off exactly.
};

struct LowPass {
  std::vector<double> num, den;  // The highest power of s first.
};

// Errors: a cut-off that is not above 0 or not below half of the sampling rate.
inline Result<LowPass> design_low_pass(const LowPassSettings& settings, double h) {
  const double rate = std::numbers::pi / h;
  if (!(settings.omega > 0.0 && settings.omega < rate)) {
    return fail(format("the cut-off of {:.6g} rad/s ({:.6g} Hz) is not between 0 and half of the "
                       "sampling rate, {:.6g} rad/s ({:.6g} Hz)",
                       settings.omega, settings.omega / (2 * std::numbers::pi), rate,
                       rate / (2 * std::numbers::pi)),
                "lower the cut-off, or give the node a shorter period");
  }
  const double w =
      settings.prewarped ? 2.0 / h * std::tan(settings.omega * h / 2.0) : settings.omega;
  if (settings.order == 1) return LowPass{{w}, {1.0, w}};
  return LowPass{{w * w}, {1.0, 2.0 * settings.damping * w, w * w}};
}

}  // namespace takt::nodes
