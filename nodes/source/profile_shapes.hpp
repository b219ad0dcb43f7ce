// What a set-point does over time: step, ramp, sine, square or a table, without ports.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <takt/base/rt.hpp>

#include "nodes/source/profile_table.hpp"

namespace takt::nodes {

enum class Shape { step, ramp, sine, square, table };

// Times are whole nanoseconds, so that a release exactly on an edge is on a known side of it.
struct ProfileSettings {
  Shape shape = Shape::step;
  std::chrono::nanoseconds at{0};  // Start of the shape, since the barrier.
  double from = 0.0;
  double to = 1.0;
  std::chrono::nanoseconds duration{0};  // Of the ramp; 0: a step.
  double amplitude = 1.0;
  double offset = 0.0;
  double frequency = 1.0;              // Hz
  double phase = 0.0;                  // rad
  std::chrono::nanoseconds period{1};  // Of the square, above 0.
  std::chrono::nanoseconds high{0};    // Part of `period`, from its start, at `to`.
  ProfileTable table{};
};

namespace detail {

inline double ramp_value(const ProfileSettings& p, std::chrono::nanoseconds tau) noexcept TAKT_RT {
  if (tau.count() < 0) return p.from;
  if (tau >= p.duration) return p.to;
  const double part = static_cast<double>(tau.count()) / static_cast<double>(p.duration.count());
  return p.from + (p.to - p.from) * part;
}

inline double sine_value(const ProfileSettings& p, std::chrono::nanoseconds tau) noexcept TAKT_RT {
  const double seconds = tau.count() < 0 ? 0.0 : std::chrono::duration<double>(tau).count();
  return p.offset +
         p.amplitude * std::sin(2.0 * std::numbers::pi * p.frequency * seconds + p.phase);
}

inline double square_value(const ProfileSettings& p, std::chrono::nanoseconds tau) noexcept
    TAKT_RT {
  return tau.count() >= 0 && tau % p.period < p.high ? p.to : p.from;
}

}  // namespace detail

// The value at a time since the barrier. A release exactly at `at` is already in the shape.
inline double profile_value(const ProfileSettings& settings,
                            std::chrono::nanoseconds release) noexcept TAKT_RT {
  const std::chrono::nanoseconds tau = release - settings.at;
  switch (settings.shape) {
    case Shape::step:
      return tau.count() < 0 ? settings.from : settings.to;
    case Shape::ramp:
      return detail::ramp_value(settings, tau);
    case Shape::sine:
      return detail::sine_value(settings, tau);
    case Shape::square:
      return detail::square_value(settings, tau);
    case Shape::table:
      return settings.table.value_at(tau);
  }
  return settings.from;
}

}  // namespace takt::nodes
