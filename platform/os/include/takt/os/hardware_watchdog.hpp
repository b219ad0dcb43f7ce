// A watchdog of the machine (/dev/watchdog): it resets the machine when nobody feeds it.
#pragma once

#include <chrono>
#include <string>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Once opened it counts, until it is fed or released. Its end without `release` leaves it counting:
// so does the death of the process.
//
// Thread safety: one thread. Real time: no. Lifetime: independent.
class HardwareWatchdog {
 public:
  // Errors: no such device, no right, another program feeds it, a file that is no watchdog.
  static Result<HardwareWatchdog> open(const std::string& path);

  // From feeding to the reset, as the device says it; its own setting (`wdctl -s`).
  std::chrono::nanoseconds timeout() const { return timeout_; }
  void feed();
  // The magic close: it stops counting, unless its driver was told never to (`nowayout`). Errors:
  // the driver has no such close or refused it; the device counts on.
  Result<void> release();

 private:
  HardwareWatchdog(std::string path, UniqueFd device)
      : path_(std::move(path)), device_(std::move(device)) {}
  std::string path_;
  UniqueFd device_;
  std::chrono::nanoseconds timeout_{0};
  bool closes_ = false;  // The driver knows the magic close.
};

}  // namespace takt::os
