#include <cerrno>
#include <ctime>

#include <takt/base/assert.hpp>
#include <takt/time/clock.hpp>

namespace takt {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

std::chrono::nanoseconds MonotonicClock::now() const noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);  // Cannot fail: the clock exists, `time` is writable.
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void MonotonicClock::wait_until(std::chrono::nanoseconds deadline) noexcept {
  if (deadline <= std::chrono::nanoseconds::zero()) return;  // Boot has passed.
  timespec time{};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(deadline.count() / kNanosecondsPerSecond);
  time.tv_nsec = static_cast<decltype(time.tv_nsec)>(deadline.count() % kNanosecondsPerSecond);
  int refusal = 0;
  do {
    refusal = ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
  } while (refusal == EINTR);
  TAKT_ASSERT(refusal == 0);
}

std::chrono::nanoseconds SteppedClock::now() const noexcept {
  // Acquire: who sees a time also sees what was done before the clock was moved to it.
  return std::chrono::nanoseconds(now_ns_.load(std::memory_order_acquire));
}

void SteppedClock::wait_until(std::chrono::nanoseconds deadline) noexcept {
  set(deadline);
  waits_.fetch_add(1, std::memory_order_release);
}

void SteppedClock::advance(std::chrono::nanoseconds step) noexcept {
  if (step <= std::chrono::nanoseconds::zero()) return;
  now_ns_.fetch_add(step.count(), std::memory_order_acq_rel);
}

void SteppedClock::set(std::chrono::nanoseconds time) noexcept {
  std::int64_t present = now_ns_.load(std::memory_order_relaxed);
  while (present < time.count() &&
         !now_ns_.compare_exchange_weak(present, time.count(), std::memory_order_acq_rel)) {
  }
}

std::uint64_t SteppedClock::waits() const noexcept {
  return waits_.load(std::memory_order_acquire);
}

}  // namespace takt
