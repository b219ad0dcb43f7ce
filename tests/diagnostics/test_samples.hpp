// Sample types of the test nodes.
#pragma once

#include <cstdint>

#include <takt/base/fixed.hpp>
#include <takt/sample/sample.hpp>

namespace takt::test {

struct MotorState {
  double speed;
  double current;
};
TAKT_SAMPLE(MotorState, (speed, "rad/s"), (current, "A"));

struct JointState {
  double angle;
  double speed;
};
TAKT_SAMPLE(JointState, (angle, "rad"), (speed, "rad/s"));

namespace small {
struct JointState {
  float angle;
  float speed;
};
TAKT_SAMPLE(JointState, (angle, "rad"), (speed, "rad/s"));
}  // namespace small

struct Imu {
  double acceleration[3];
  double rate[3];
};
TAKT_SAMPLE(Imu, (acceleration, "m/s2"), (rate, "rad/s"));

// A field of every kind.
struct Status {
  std::uint64_t serial;
  double temperature;
  FixedVector<double, 4> readings;
  FixedString<8> label;
  float gain;
  std::int32_t count;
  bool fault;
  std::uint8_t level;
  std::uint16_t code;
  std::uint32_t reserved;
};
TAKT_SAMPLE(Status, (serial), (temperature, "K"), (readings, "V"), (label), (gain), (count),
            (fault), (level), (code), (reserved));

struct Frame {
  std::uint8_t pixels[200U << 20U];
};
TAKT_SAMPLE(Frame, (pixels));

struct Scan {
  std::uint8_t points[300U << 20U];
};
TAKT_SAMPLE(Scan, (points));

}  // namespace takt::test
