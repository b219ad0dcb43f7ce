// What the supervisor's poller reports: one number an event source.
#pragma once

#include <cstdint>

namespace takt::supervisor {

inline constexpr std::uint64_t kSignalTag = 1;
inline constexpr std::uint64_t kHealTag = 2;
inline constexpr std::uint64_t kRehearsalTag = 3;
inline constexpr std::uint64_t kProcessTag = 1000;       // + 4 * process + what.
inline constexpr std::uint64_t kControlTag = 1'000'000;  // And everything above.

inline constexpr unsigned kWire = 0;
inline constexpr unsigned kOutput = 1;
inline constexpr unsigned kDeath = 2;

constexpr std::uint64_t process_tag(std::uint64_t process, unsigned what) {
  return kProcessTag + 4 * process + what;
}

}  // namespace takt::supervisor
