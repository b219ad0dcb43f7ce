// How the memory of an InputShim is divided.
#pragma once

#include <cstddef>
#include <cstdint>

#include <takt/status/injections.hpp>

namespace takt::loop {

// Each the one on show and the one being made: altered samples, and driven ones.
inline constexpr std::size_t kViews = 2;
inline constexpr std::size_t kDriven = 2;
inline constexpr std::size_t kFirstStuck = kViews + kDriven;

// What whole samples may be stuck at.
constexpr std::uint32_t stuck_samples(const InjectionRoom& room) {
  return room.copies ? room.stuck_samples : 0;
}

// In samples: what is shown, what is stuck, those that wait and the one taken last.
constexpr std::size_t buffers_of(const InjectionRoom& room) {
  return room.copies ? kFirstStuck + stuck_samples(room) + room.delayed + 1 : 0;
}
static_assert(kCopiesShown == kViews + kDriven + 1, "so many are reserved beside what waits");

}  // namespace takt::loop
