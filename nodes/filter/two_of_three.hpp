// Two of three, without ports: a value that at least two inputs agree on.
//
// The middle one of three values, when one of the others is within the threshold of it; the mean of
// two, when they are within the threshold of each other. Otherwise there is no majority.
// Whatever a third one says, the value lies between the two that agree.
// Source: Isermann, "Fault-Diagnosis Systems", 2006, on fault-tolerant sensors (two out of three).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include <takt/base/rt.hpp>

namespace takt::nodes {

// What is out: nobody, one of the inputs, or more than one.
enum class Fault { none = 0, first = 1, second = 2, third = 3, no_majority = 4 };

struct Vote {
  std::optional<double> value;  // None without a majority.
  Fault fault = Fault::none;
};

// `values`: none for an input that is missing, stale or not finite.
inline Vote vote(const std::array<std::optional<double>, 3>& values, double threshold) noexcept
    TAKT_RT {
  constexpr Vote kNoMajority{std::nullopt, Fault::no_majority};
  const auto fault_of = [](std::size_t i) { return static_cast<Fault>(i + 1); };
  const auto agree = [threshold](double a, double b) { return std::abs(a - b) <= threshold; };
  const auto present = std::count_if(values.begin(), values.end(), [](auto& v) { return !!v; });
  if (present < 2) return kNoMajority;
  if (present == 2) {
    const std::size_t missing = !values[0] ? 0 : !values[1] ? 1 : 2;
    const double a = *values[(missing + 1) % 3], b = *values[(missing + 2) % 3];
    if (!agree(a, b)) return kNoMajority;
    return {a + 0.5 * (b - a), fault_of(missing)};
  }
  const double a = *values[0], b = *values[1], c = *values[2];
  const double middle = std::max(std::min(a, b), std::min(std::max(a, b), c));
  Vote result{middle, Fault::none};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (agree(*values[i], middle)) continue;
    if (result.fault != Fault::none) return kNoMajority;
    result.fault = fault_of(i);
  }
  return result;
}

}  // namespace takt::nodes
