// Durations of takt's interfaces as the system calls want them. Private to platform/os.
#pragma once

#include <chrono>

#include <time.h>

namespace takt::os {

// Never negative: the kernel refuses that, and a time before boot has passed anyway.
inline timespec to_timespec(std::chrono::nanoseconds duration) noexcept {
  constexpr std::chrono::nanoseconds::rep kPerSecond = 1'000'000'000;
  const auto count = duration.count() > 0 ? duration.count() : 0;
  timespec time{};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(count / kPerSecond);
  time.tv_nsec = static_cast<decltype(time.tv_nsec)>(count % kPerSecond);
  return time;
}

inline std::chrono::nanoseconds monotonic_now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace takt::os
