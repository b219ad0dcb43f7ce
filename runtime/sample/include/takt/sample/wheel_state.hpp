// WheelState: a vehicle and its braked wheel, from a plant to what controls the brake.
#pragma once

#include <takt/sample/sample.hpp>

namespace takt {

struct WheelState {
  double speed;        // Of the vehicle over ground.
  double wheel_speed;  // Of the wheel about its axle.
  double slip;         // 1 - wheel_speed * radius / speed: 0 rolls freely, 1 is locked.
  double distance;     // Since the start.
  double pressure;     // Of the brake.
};
TAKT_SAMPLE(WheelState, (speed, "m/s"), (wheel_speed, "rad/s"), (slip), (distance, "m"),
            (pressure, "Pa"));

}  // namespace takt
