// One braked wheel of a vehicle without ports: Runge-Kutta in substeps.
//
//   slip = 1 - w R / v                v: speed of the vehicle, w: of the wheel
//   F    = mu(slip) m g share         brakes the whole mass; mu: a table, linear between its points
//   m v' = -F
//   I w' = F R - k P,   w >= 0        P: pressure of the brake
//   T q' = rate u - q,  P' = q,  0 <= P <= pressure_max         u: valve, -1 empties ... 1 fills
//
// Near slip 0 the wheel has a pole at about -mu'(slip) m g share R^2 / (I v), faster the slower the
// vehicle, and at v = 0 the slip is no number. So the vehicle stands, with its wheel, as soon as v
// falls to stop_speed, and the substeps follow the fastest pole that this leaves.
//
// Source: MathWorks "Model an Anti-Lock Braking System" (control-references.md, R6), whose units
// are pound, slug, foot and psi; the values here are the same quantities in SI units.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <takt/base/rt.hpp>

#include "nodes/plant/integration.hpp"

namespace takt::nodes {

// Friction over slip from 0 to 1, in equal steps.
struct FrictionCurve {
  static constexpr std::size_t kPointsMax = 41;  // Steps of 0.025.

  std::size_t points = 0;  // At least 2.
  std::array<double, kPointsMax> mu{};

  // Outside of 0 to 1 the first and the last slope go on.
  double at(double slip) const noexcept TAKT_RT {
    const auto last = static_cast<double>(points - 2);
    const double z = slip * static_cast<double>(points - 1);
    const double i = std::clamp(std::floor(z), 0.0, last);
    const auto k = static_cast<std::size_t>(i);
    return mu[k] + (mu[k + 1] - mu[k]) * (z - i);
  }
  // The steepest rise or fall.
  double slope_max() const noexcept {
    double slope = 0.0;
    for (std::size_t i = 0; i + 1 < points; ++i)
      slope = std::max(slope, std::abs(mu[i + 1] - mu[i]));
    return slope * static_cast<double>(points - 1);
  }
};

struct WheelBrakeParameters {
  double mass = 729.6951468603;                // kg; 50 slug
  double gravity = 9.808464;                   // m/s2; 32.18 ft/s2
  double load_share = 0.25;                    // Of the weight, on this wheel.
  double radius = 0.381;                       // m; 1.25 ft
  double inertia = 6.779089741657;             // kg m2; 5 slug ft2
  double torque_per_pressure = 1.96644768e-4;  // N m/Pa; 1 lbf ft/psi
  double pressure_max = 10'342'135.93975;      // Pa; 1500 psi
  double pressure_rate = 689'475.7293168;      // Pa/s, of an open valve; 100 psi/s
  double valve_lag = 0.01;                     // s
  double stop_speed = 0.3048;                  // m/s; 1 ft/s
  FrictionCurve friction{};
};

struct WheelBrakeState {
  double speed = 0.0;          // m/s
  double wheel_speed = 0.0;    // rad/s
  double pressure_flow = 0.0;  // Pa/s, q
  double pressure = 0.0;       // Pa
  double distance = 0.0;       // m
};

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class WheelBrakeModel {
 public:
  static constexpr std::chrono::nanoseconds kSubstepMax = std::chrono::microseconds(500);
  // Below that a period of 10 ms would take 1000 substeps.
  static constexpr std::chrono::nanoseconds kSubstepMin = std::chrono::microseconds(10);

  WheelBrakeModel() = default;
  WheelBrakeModel(const WheelBrakeParameters& parameters, std::chrono::nanoseconds period) noexcept
      : p_(parameters), period_(period), substep_(substep_for(parameters)) {}

  // False when the fastest pole needs shorter substeps than kSubstepMin.
  bool is_solvable() const noexcept { return substep_ >= kSubstepMin; }

  // The state `elapsed` later. Cost: about 0.2 us a substep; of 0.5 ms with the published values.
  // Longer substeps would not be stable, so of more than kPlantPeriodsMax periods at once only the
  // first kPlantSubstepsMax substeps are run.
  WheelBrakeState advance(const WheelBrakeState& state, double valve,
                          std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    const double u = std::clamp(valve, -1.0, 1.0);
    const Values start{state.speed, state.wheel_speed, state.pressure_flow, state.pressure,
                       state.distance};
    const Values end = advance_by_periods(
        start, elapsed, period_, [&](const Values& s, std::chrono::nanoseconds interval) {
          return integrate(
              s, std::min(interval, kPlantSubstepsMax * substep_), substep_,
              [&](const Values& x, double) { return rate(x, u); }, [&](Values& x) { settle(x); });
        });
    return {end[kSpeed], end[kWheel], end[kFlow], end[kPressure], end[kDistance]};
  }

  // 0 for a vehicle that stands.
  double slip(const WheelBrakeState& s) const noexcept TAKT_RT {
    return s.speed > 0.0 ? 1.0 - s.wheel_speed * p_.radius / s.speed : 0.0;
  }

 private:
  enum : std::size_t { kSpeed, kWheel, kFlow, kPressure, kDistance, kCount };
  using Values = std::array<double, kCount>;

  static std::chrono::nanoseconds substep_for(const WheelBrakeParameters& p) noexcept {
    const double wheel_pole = p.friction.slope_max() * p.mass * p.gravity * p.load_share *
                              p.radius * p.radius / (p.inertia * p.stop_speed);
    const double seconds = 1.0 / std::max(wheel_pole, 1.0 / p.valve_lag);
    if (!(seconds < std::chrono::duration<double>(kSubstepMax).count())) return kSubstepMax;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
  }

  // Limits hold inside each stage, not only after the step: a wheel that a stage turns backwards
  // would be braked the other way.
  Values rate(const Values& s, double u) const noexcept TAKT_RT {
    Values d{};
    d[kFlow] = (p_.pressure_rate * u - s[kFlow]) / p_.valve_lag;
    d[kPressure] = s[kFlow];
    const bool leaves_below = s[kPressure] <= 0.0 && d[kPressure] < 0.0;
    const bool leaves_above = s[kPressure] >= p_.pressure_max && d[kPressure] > 0.0;
    if (leaves_below || leaves_above) d[kPressure] = 0.0;
    if (s[kSpeed] <= 0.0) return d;

    const double wheel = std::max(s[kWheel], 0.0);
    // A stage may look ahead to below stop_speed, where the slip has no meaning.
    const double speed = std::max(s[kSpeed], 0.5 * p_.stop_speed);
    const double force =
        p_.friction.at(1.0 - wheel * p_.radius / speed) * p_.mass * p_.gravity * p_.load_share;
    d[kSpeed] = -force / p_.mass;
    d[kWheel] = (force * p_.radius - p_.torque_per_pressure * s[kPressure]) / p_.inertia;
    if (wheel <= 0.0 && d[kWheel] < 0.0) d[kWheel] = 0.0;
    d[kDistance] = s[kSpeed];
    return d;
  }

  void settle(Values& s) const noexcept TAKT_RT {
    s[kPressure] = std::clamp(s[kPressure], 0.0, p_.pressure_max);
    if (s[kWheel] < 0.0) s[kWheel] = 0.0;
    if (s[kSpeed] <= p_.stop_speed) s[kSpeed] = s[kWheel] = 0.0;
  }

  WheelBrakeParameters p_{};
  std::chrono::nanoseconds period_{0};
  std::chrono::nanoseconds substep_ = kSubstepMax;
};

}  // namespace takt::nodes
