// Chance that repeats itself: what is drawn depends on a seed and a sample's number alone.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include <takt/base/rt.hpp>

namespace takt::loop {

// splitmix64: every bit of the result depends on every bit of `x`.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept TAKT_RT {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Draws for one sample: number 0, 1, 2 ... in any order.
class Chance {
 public:
  constexpr Chance(std::uint64_t seed, std::uint64_t sample) noexcept TAKT_RT
      : key_(mixed(mixed(seed) ^ sample)) {}
  constexpr std::uint64_t bits(std::uint64_t number) const noexcept TAKT_RT {
    return mixed(key_ ^ mixed(number));
  }
  // In [0, 1), with 53 bits.
  constexpr double uniform(std::uint64_t number) const noexcept TAKT_RT {
    return static_cast<double>(bits(number) >> 11) * 0x1p-53;
  }
  // Normally distributed, mean 0, deviation 1 (Box and Muller); takes two numbers.
  double normal(std::uint64_t number) const noexcept TAKT_RT {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(number)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(number + 1));
  }

 private:
  std::uint64_t key_;
};

}  // namespace takt::loop
