#include "runtime/supervisor/suspend_watch.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds kSuspendMin{1};

nanoseconds read(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

}  // namespace

ClockReading read_clocks() {
  ClockReading reading;
  reading.before = read(CLOCK_MONOTONIC);
  reading.boot = read(CLOCK_BOOTTIME);
  reading.after = read(CLOCK_MONOTONIC);
  return reading;
}

SuspendWatch::SuspendWatch(std::function<ClockReading()> read_clock)
    : read_(std::move(read_clock)) {
  const ClockReading first = read_();
  ahead_max_ = first.boot - first.before;
}

std::optional<nanoseconds> SuspendWatch::look() {
  const ClockReading now = read_();
  const nanoseconds ahead_min = now.boot - now.after;
  const nanoseconds jump = ahead_min - ahead_max_;
  if (jump < kSuspendMin) {
    ahead_max_ = std::min(ahead_max_, now.boot - now.before);
    return std::nullopt;
  }
  ahead_max_ = now.boot - now.before;
  return jump;
}

}  // namespace takt::supervisor
