// The discrete PID controller with two degrees of freedom, without ports.
//
// Textbook algorithm of Astrom and Hagglund in positional form; the same equations, in the same
// order, as the project's independent reference `lib_pid.m` (control-references.md, R10):
//
//   D  = ad*D + bd*(ed - ed_before)       ed = c*r - y,  ad = tf/(tf+h),  bd = kd/(tf+h)
//   v  = kp*(b*r - y) + I + D
//   u  = v limited to [umin, umax]        sent
//   I  = I + ki*h*(r - y) + h/tt*(u - v)  after the output
//
// Backward-difference filtered derivative, forward-Euler integral, back-calculation. `ed_before`
// starts at 0, so c = 1 gives a derivative kick at the first step.
#pragma once

#include <algorithm>
#include <cmath>

#include <takt/base/rt.hpp>

#include "nodes/common/range.hpp"

namespace takt::nodes {

enum class AntiWindup {
  none,
  clamping,          // Stops integrating while that would drive further into the limit.
  back_calculation,  // Leads the integral back with the time constant tt.
};

struct PidSettings {
  double kp = 1.0;
  double ki = 0.0;
  double kd = 0.0;
  double h = 0.0;   // Period in seconds, above 0.
  double tf = 0.0;  // Time constant of the derivative's filter in seconds; 0: none.
  double b = 1.0;   // Weight of the reference in P.
  double c = 0.0;   // Weight of the reference in D.
  Range limits{};
  AntiWindup anti_windup = AntiWindup::back_calculation;
  double tt = 1.0;  // Tracking time constant in seconds, not below `h`.
};

// The tracking time constant for users who give none: sqrt(Ti*Td) with a derivative part, else Ti,
// but never below one period, where back-calculation would overshoot its aim.
inline double default_tracking_time(const PidSettings& settings) {
  if (settings.ki == 0.0) return settings.h;  // Never used: nothing integrates.
  const double tt = settings.kd != 0.0 ? std::sqrt(std::abs(settings.kd / settings.ki))
                                       : std::abs(settings.kp / settings.ki);
  return std::max(tt, settings.h);
}

// Thread safety: one thread. Real time: yes. Lifetime: independent, trivially copyable.
class PidAlgorithm {
 public:
  PidAlgorithm() = default;
  explicit PidAlgorithm(const PidSettings& settings)
      : settings_(settings),
        derivative_decay_(settings.tf / (settings.tf + settings.h)),
        derivative_gain_(settings.kd / (settings.tf + settings.h)) {}

  // One step of control. `applied` is what the actuator made of the output of the step before, when
  // that is known: it takes the place of the limited output in the anti-windup, and is compared
  // with the `v` that it answers, so that an actuator that follows changes nothing.
  double step(double r, double y, const double* applied = nullptr) noexcept TAKT_RT {
    update_proportional_and_derivative(r, y);
    const double v = proportional_ + integral_ + derivative_;
    const double u = settings_.limits.clamp(v);
    const double excess = applied != nullptr && answered_ ? *applied - v_ : u - v;
    integrate(r - y, excess);
    v_ = v;
    answered_ = true;
    return u;
  }

  // One step in which a person or another controller decides: the output is `command`, limited, and
  // the integral follows so that the next `step` starts from it without a bump.
  double manual(double r, double y, double command) noexcept TAKT_RT {
    update_proportional_and_derivative(r, y);
    const double u = settings_.limits.clamp(command);
    if (settings_.ki != 0.0) integral_ = u - proportional_ - derivative_;
    v_ = proportional_ + integral_ + derivative_;
    answered_ = true;
    // Nobody resets a node whose output is finite; a NaN in `r` or `y` must not live on in here.
    if (!std::isfinite(v_)) reset();
    return u;
  }

  // Forgets what was integrated and filtered. The derivative starts from the next sample, not from
  // 0: a running loop must not be kicked.
  void reset() noexcept TAKT_RT {
    integral_ = 0.0;
    restart_derivative();
  }
  // Goes on with what a predecessor had integrated.
  void restore(double integral) noexcept TAKT_RT {
    integral_ = integral;
    restart_derivative();
  }
  // After a gap in the measurement: the change over the gap is not a change over one period.
  void restart_derivative() noexcept TAKT_RT {
    derivative_ = 0.0;
    has_derivative_error_ = false;
    answered_ = false;
  }

  double v() const noexcept TAKT_RT { return v_; }  // Of the newest step, before the limits.
  double integral() const noexcept TAKT_RT { return integral_; }

 private:
  void update_proportional_and_derivative(double r, double y) noexcept TAKT_RT {
    const double error = settings_.c * r - y;
    const double error_before = has_derivative_error_ ? derivative_error_ : error;
    derivative_ = derivative_decay_ * derivative_ + derivative_gain_ * (error - error_before);
    derivative_error_ = error;
    has_derivative_error_ = true;
    proportional_ = settings_.kp * (settings_.b * r - y);
  }

  // With ki = 0 nothing may enter the integral: nothing would ever take it out again.
  void integrate(double error, double excess) noexcept TAKT_RT {
    if (settings_.ki == 0.0) return;
    const double increment = settings_.ki * settings_.h * error;
    switch (settings_.anti_windup) {
      case AntiWindup::none:
        integral_ = integral_ + increment;
        break;
      case AntiWindup::clamping:
        if (increment * excess >= 0.0) integral_ = integral_ + increment;
        break;
      case AntiWindup::back_calculation:
        integral_ = integral_ + increment + settings_.h / settings_.tt * excess;
        break;
    }
  }

  PidSettings settings_;
  double derivative_decay_ = 0.0;
  double derivative_gain_ = 0.0;
  double proportional_ = 0.0;
  double integral_ = 0.0;
  double derivative_ = 0.0;
  double derivative_error_ = 0.0;     // c*r - y of the step before.
  bool has_derivative_error_ = true;  // At the very first step it is 0 by definition.
  double v_ = 0.0;
  bool answered_ = false;  // There is a step before, which `applied` can answer.
};

}  // namespace takt::nodes
