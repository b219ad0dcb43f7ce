// The limits of a value, as stock nodes take them from two parameters.
#pragma once

#include <limits>
#include <string_view>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>
#include <takt/base/text.hpp>

namespace takt::nodes {

// Fallbacks of limit parameters: JSON has no infinity, so the finite extremes mean "no limit".
inline constexpr double kNoMin = std::numeric_limits<double>::lowest();
inline constexpr double kNoMax = std::numeric_limits<double>::max();

// Thread safety: a plain value. Real time: `clamp` is. Lifetime: independent.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();

  // NaN stays NaN, and without a limit infinity stays infinity, so that the loop can refuse them.
  double clamp(double value) const noexcept TAKT_RT {
    if (value < min) return min;
    return value > max ? max : value;
  }
  bool contains(double value) const noexcept TAKT_RT { return min <= value && value <= max; }
};

// Errors: `min` above `max`, named as the user wrote them.
inline Result<Range> make_range(std::string_view min_name, double min, std::string_view max_name,
                                double max) {
  if (min > max) {
    return fail(
        format("{} is {} and {} is {}: no value lies between them", min_name, min, max_name, max),
        format("give a {} that is not above {}", min_name, max_name));
  }
  Range range;
  if (min > kNoMin) range.min = min;
  if (max < kNoMax) range.max = max;
  return range;
}

}  // namespace takt::nodes
