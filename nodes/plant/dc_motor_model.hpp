// A DC motor without ports: exact for a voltage that is held over each interval.
//
//   j dw/dt = -b w + k i        w: speed of the shaft, i: current
//   l di/dt = -k w - r i + u    u: voltage
//
// Source: CTMS "DC Motor Speed: System Modeling" (control-references.md, R1).
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include <takt/base/rt.hpp>

#include "nodes/common/matrix_exponential.hpp"

namespace takt::nodes {

struct DcMotorParameters {
  double j = 0.01;  // kg m2
  double b = 0.1;   // N m s
  double k = 0.01;  // N m/A, and V s/rad
  double r = 1.0;   // ohm
  double l = 0.5;   // H
};

struct DcMotorState {
  double speed = 0.0;    // rad/s
  double current = 0.0;  // A
};

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class DcMotorModel {
 public:
  // A plant that was stopped for longer is advanced in one interval instead: a bound on the cost.
  static constexpr std::int64_t kPeriodsMax = 1000;

  DcMotorModel() = default;
  DcMotorModel(const DcMotorParameters& parameters, std::chrono::nanoseconds period) noexcept
      : parameters_(parameters), period_(period), over_period_(transition_over(period)) {}

  // False when the parameters and the period leave the range of double.
  bool is_finite() const noexcept {
    for (const auto& row : over_period_) {
      for (const double element : row) {
        if (!std::isfinite(element)) return false;
      }
    }
    return true;
  }

  // The state `elapsed` later. Whole periods use the period's matrix that many times, so skipped
  // releases give the same bytes as releases that were run with the same voltage. Cost: 6
  // multiplications a period; a matrix exponential (about 1 us) for any other time.
  DcMotorState advance(DcMotorState state, double voltage,
                       std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    const bool whole = period_.count() > 0 && elapsed % period_ == std::chrono::nanoseconds{0};
    if (!whole || elapsed / period_ > kPeriodsMax) {
      return apply(transition_over(elapsed), state, voltage);
    }
    for (std::int64_t n = elapsed / period_; n > 0; --n) {
      state = apply(over_period_, state, voltage);
    }
    return state;
  }

  // [F G; 0 1] with x(t + interval) = F x(t) + G u: the exponential of [A B; 0 0] * interval.
  Matrix<3> transition_over(std::chrono::nanoseconds interval) const noexcept TAKT_RT {
    const double h = std::chrono::duration<double>(interval).count();
    const auto& [j, b, k, r, l] = parameters_;
    return matrix_exponential<3>(
        {{{-b / j * h, k / j * h, 0.0}, {-k / l * h, -r / l * h, 1.0 / l * h}, {0.0, 0.0, 0.0}}});
  }

 private:
  static DcMotorState apply(const Matrix<3>& m, const DcMotorState& x, double u) noexcept TAKT_RT {
    return {.speed = m[0][0] * x.speed + m[0][1] * x.current + m[0][2] * u,
            .current = m[1][0] * x.speed + m[1][1] * x.current + m[1][2] * u};
  }

  DcMotorParameters parameters_{};
  std::chrono::nanoseconds period_{0};
  Matrix<3> over_period_{};
};

}  // namespace takt::nodes
