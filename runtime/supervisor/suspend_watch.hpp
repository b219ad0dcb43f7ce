// Whether the machine was suspended: CLOCK_BOOTTIME goes on then, CLOCK_MONOTONIC does not.
//
// Ages are judged by CLOCK_MONOTONIC, so after a suspend a sample of an hour ago looks fresh.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace takt::supervisor {

// CLOCK_BOOTTIME, read between two readings of CLOCK_MONOTONIC.
struct ClockReading {
  std::chrono::nanoseconds before{0};
  std::chrono::nanoseconds boot{0};
  std::chrono::nanoseconds after{0};
};
ClockReading read_clocks();

// Thread safety: one thread. Real time: no. Lifetime: independent.
class SuspendWatch {
 public:
  explicit SuspendWatch(std::function<ClockReading()> read = read_clocks);

  // How long the machine was suspended since the last look; nothing when it was not. However long
  // this process was held up between two readings, it does not take that for a suspend; one shorter
  // than 1 ms, which no machine knows, is not seen.
  std::optional<std::chrono::nanoseconds> look();

 private:
  std::function<ClockReading()> read_;
  std::chrono::nanoseconds ahead_max_{0};  // BOOTTIME is ahead of MONOTONIC by at most this.
};

}  // namespace takt::supervisor
