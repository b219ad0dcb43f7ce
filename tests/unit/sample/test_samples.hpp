// Samples with every kind of member.
#pragma once

#include <takt/sample/sample.hpp>

namespace takt::test {

enum class Mode : std::uint8_t { off, on };

struct Joint {
  double angle;
  float torque;
  std::uint32_t flags;
};
TAKT_SAMPLE(Joint, (angle, "rad"), (torque, "N.m"), (flags));

struct Everything {
  Joint joints[2];
  double q[3];
  std::array<std::int16_t, 4> raw;
  FixedString<16> name;
  FixedVector<double, 2> path;
  std::int64_t big;
  std::uint64_t huge;
  std::int8_t tiny;
  Mode mode;
  bool on;
  char letter;
  std::int32_t number;
};
TAKT_SAMPLE(Everything, (joints), (q, "rad"), (raw), (name), (path, "m"), (big), (huge), (tiny),
            (mode), (on), (letter), (number));

struct MotorState {
  double speed;
  double current;
};
TAKT_SAMPLE(MotorState, (speed, "rad/s"), (current, "A"));

}  // namespace takt::test
