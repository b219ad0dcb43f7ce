// Sleeping on a word of shared memory until its writer changes it.
//
// Thread safety: any threads of any processes that map the word.
// Real time: a wake is one system call; a wait is the wait that its name says, without allocation.
// Lifetime: the word must stay mapped while somebody waits on it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include <takt/base/rt.hpp>

namespace takt::os {

enum class WaitResult {
  woken,        // By futex_wake; the word may still be what it was.
  timed_out,    // The deadline passed.
  changed,      // The word was not `expected`; nobody slept.
  interrupted,  // By a signal.
};

// Sleeps while `word` holds `expected`, at the longest until `deadline` (CLOCK_MONOTONIC; without
// one, for ever). The word may lie in a mapping that is read-only here. After every result the
// caller looks at the word again: a wake says that something happened, not what.
WaitResult futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                      std::optional<std::chrono::nanoseconds> deadline) noexcept TAKT_RT;

// Wakes up to `count` sleepers. The caller changed the word before, otherwise a reader that is
// about to sleep misses it.
void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept TAKT_RT;

}  // namespace takt::os
