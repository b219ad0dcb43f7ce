// A car along its road without ports, with gears and hills: Runge-Kutta in substeps.
//
//   m v' = a T(a v) u - m g sin(slope) - m g Cr sgn(v) - rho Cd A |v| v / 2
//   T(w) = Tm (1 - beta (w/wm - 1)^2), not below 0      w: speed of the engine, a: gear, 1/m
//
// At v = 0 rolling resistance holds the car against as much as m g Cr.
//
// Source: Astrom and Murray, "Feedback Systems", 2nd edition, section 4.1 (control-references.md,
// R8).
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <takt/base/rt.hpp>

#include "nodes/plant/integration.hpp"

namespace takt::nodes {

struct VehicleParameters {
  double mass = 1600.0;             // kg
  double gravity = 9.8;             // m/s2
  double rolling = 0.01;            // Cr, of the weight
  double drag = 0.32;               // Cd
  double air_density = 1.3;         // kg/m3
  double area = 2.4;                // m2, of the front
  double torque_max = 190.0;        // N m
  double torque_max_speed = 420.0;  // rad/s, of the engine where it has it
  double torque_falloff = 0.4;      // beta
};

struct VehicleState {
  double speed = 0.0;     // m/s
  double distance = 0.0;  // m
};

// What acts over an interval: the slope, in rad and positive uphill, runs linearly.
struct VehicleInputs {
  double throttle = 0.0;
  double gear = 0.0;  // Engine speed over vehicle speed, 1/m.
  double slope_from = 0.0;
  double slope_to = 0.0;
};

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class VehicleModel {
 public:
  // Its time constants are seconds.
  static constexpr std::chrono::nanoseconds kSubstep = std::chrono::milliseconds(10);

  VehicleModel() = default;
  VehicleModel(const VehicleParameters& parameters, std::chrono::nanoseconds period) noexcept
      : p_(parameters), period_(period) {}

  // The state `elapsed` later. Cost: about 0.15 us a substep.
  VehicleState advance(const VehicleState& state, const VehicleInputs& inputs,
                       std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    const double u = std::clamp(inputs.throttle, 0.0, 1.0);
    const double whole = std::chrono::duration<double>(elapsed).count();
    std::chrono::nanoseconds done{0};
    const auto over = [&](const Values& from, std::chrono::nanoseconds interval) {
      const double begin = std::chrono::duration<double>(done).count();
      done += interval;
      double before = from[0];
      return integrate(
          from, interval, kSubstep,
          [&](const Values& s, double t) {
            const double part = (begin + t) / whole;
            const double slope = inputs.slope_from + (inputs.slope_to - inputs.slope_from) * part;
            return Values{acceleration(s[0], before, u, inputs.gear, slope), s[0]};
          },
          [&](Values& s) {
            // Passing through rest: the next substep decides whether it stays there.
            if (before * s[0] < 0.0) s[0] = 0.0;
            before = s[0];
          });
    };
    const Values end =
        advance_by_periods(Values{state.speed, state.distance}, elapsed, period_, over);
    return {.speed = end[0], .distance = end[1]};
  }

  double torque(double engine_speed) const noexcept TAKT_RT {
    const double off = engine_speed / p_.torque_max_speed - 1.0;
    return std::max(p_.torque_max * (1.0 - p_.torque_falloff * off * off), 0.0);
  }

  // `moving`: the speed whose direction rolling resistance opposes. It is that at the start of a
  // substep: stages that look ahead past rest would else see it push the car back and forth.
  double acceleration(double v, double moving, double throttle, double gear,
                      double slope) const noexcept TAKT_RT {
    const double drive = gear * torque(gear * v) * throttle;
    const double hill = p_.mass * p_.gravity * std::sin(slope);
    const double air = 0.5 * p_.air_density * p_.drag * p_.area * std::abs(v) * v;
    const double rolling = p_.mass * p_.gravity * p_.rolling;
    const double force = drive - hill - air;
    if (moving == 0.0 && std::abs(force) <= rolling) return 0.0;
    const bool forwards = moving == 0.0 ? force > 0.0 : moving > 0.0;
    return (force - (forwards ? rolling : -rolling)) / p_.mass;
  }

 private:
  using Values = std::array<double, 2>;

  VehicleParameters p_{};
  std::chrono::nanoseconds period_{0};
};

}  // namespace takt::nodes
