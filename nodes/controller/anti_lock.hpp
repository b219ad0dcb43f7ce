// Bang-bang control of a wheel's slip, without ports.
//
//   slip = 1 - w R / v,  u = sign(desired - slip)
//
// Source: MathWorks, "Model an Anti-Lock Braking System" (sldemo_absbrake), there with a desired
// slip of 0.2 and u = 1 building pressure up, u = -1 letting it off.
#pragma once

#include <cmath>
#include <limits>

#include <takt/base/rt.hpp>

namespace takt::nodes {

struct AntiLockSettings {
  double desired_slip = 0.2;
  double wheel_radius = 0.0;  // m, above 0.
  double enable_speed = 0.0;  // m/s, above 0: slower than it the slip stands, since v goes to 0.
  bool active = true;         // Else the slip counts as 0: the brake is always built up.
};

// Thread safety: one thread. Real time: yes. Lifetime: independent, trivially copyable.
class AntiLock {
 public:
  AntiLock() = default;
  explicit AntiLock(const AntiLockSettings& settings) : settings_(settings) {}

  // 1 builds up, 0 holds, -1 lets off; NaN, and the slip is kept, for a speed that is not finite.
  double step(double wheel_speed, double vehicle_speed) noexcept TAKT_RT {
    if (!std::isfinite(wheel_speed) || !std::isfinite(vehicle_speed)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    if (vehicle_speed >= settings_.enable_speed) {
      slip_ = 1.0 - wheel_speed * settings_.wheel_radius / vehicle_speed;
    }
    const double error = settings_.desired_slip - (settings_.active ? slip_ : 0.0);
    return error > 0.0 ? 1.0 : error < 0.0 ? -1.0 : 0.0;
  }
  double slip() const noexcept TAKT_RT { return slip_; }
  void restore(double slip) noexcept { slip_ = slip; }

 private:
  AntiLockSettings settings_;
  double slip_ = 0.0;
};

}  // namespace takt::nodes
