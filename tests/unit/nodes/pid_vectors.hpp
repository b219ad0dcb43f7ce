// The parameter sets of the oracle's vectors_pid.csv (c5_vectors.m).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "nodes/controller/pid_algorithm.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::test {

inline nodes::PidSettings vector_settings(double set) {
  static const std::array<nodes::PidSettings, 3> sets{
      {{.kp = 2, .ki = 4, .kd = 0.1, .h = 0.01, .tf = 0.02, .limits = {-1, 1}, .tt = 0.1},
       {.kp = 2,
        .ki = 4,
        .kd = 0.1,
        .h = 0.01,
        .tf = 0.02,
        .b = 0.6,
        .c = 1,
        .limits = {-5, 5},
        .anti_windup = nodes::AntiWindup::none},
       {.kp = 0.5, .ki = 0.1, .kd = 0, .h = 0.02, .tf = 1, .limits = {0, 1}, .tt = 0.5}}};
  return sets.at(static_cast<std::size_t>(set) - 1);
}

// The vectors are printed with 12 significant digits.
inline bool equals_vector(double value, double expected) {
  return std::abs(value - expected) <= 1e-11 * std::max(0.1, std::abs(expected));
}

}  // namespace takt::test
