// Where time comes from: one contract, a clock of the machine and a clock that tests move by hand.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include <takt/base/rt.hpp>

namespace takt {

// A clock that never goes back, and the wait for one of its instants.
//
// Thread safety: every function may be called from any thread.
// Real time: `now` is; `wait_until` is the wait that its name says and allocates nothing.
// Lifetime: outlives whoever was given a reference to it.
class Clock {
 public:
  virtual ~Clock() = default;

  // The time since this clock's own zero; never less than what an earlier call returned.
  virtual std::chrono::nanoseconds now() const noexcept TAKT_RT = 0;

  // Returns when `now() >= deadline`, never earlier; at once when the deadline has passed.
  virtual void wait_until(std::chrono::nanoseconds deadline) noexcept = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

// CLOCK_MONOTONIC: nanoseconds since boot without the time in suspend, the same in every process.
//
// Thread safety: holds nothing; any thread. Real time: as Clock; `now` is no system call where the
// kernel offers a vDSO. Lifetime: independent.
class MonotonicClock final : public Clock {
 public:
  std::chrono::nanoseconds now() const noexcept TAKT_RT override;

  // One absolute sleep, taken up again after a signal.
  void wait_until(std::chrono::nanoseconds deadline) noexcept override;
};

// Stands still until told; a wait jumps to its deadline. Time for tests and for lockstep.
//
// Thread safety: any thread; concurrent steps are ordered as if one came after the other.
// Real time: every function is. Lifetime: independent.
class SteppedClock final : public Clock {
 public:
  SteppedClock() = default;
  explicit SteppedClock(std::chrono::nanoseconds start) noexcept : now_ns_(start.count()) {}

  std::chrono::nanoseconds now() const noexcept TAKT_RT override;

  // Sets the time to `deadline` when that lies ahead, and counts the wait in either case.
  void wait_until(std::chrono::nanoseconds deadline) noexcept override;

  // Both ignore a step back: code under a Clock may rely on it never going back.
  void advance(std::chrono::nanoseconds step) noexcept TAKT_RT;
  void set(std::chrono::nanoseconds time) noexcept TAKT_RT;

  // How often `wait_until` was called.
  std::uint64_t waits() const noexcept TAKT_RT;

 private:
  std::atomic<std::int64_t> now_ns_{0};
  std::atomic<std::uint64_t> waits_{0};
};

}  // namespace takt
