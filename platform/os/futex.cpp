#include <cerrno>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <takt/base/assert.hpp>
#include <takt/os/futex.hpp>

#include "platform/os/timespec.hpp"

namespace takt::os {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == 4 &&
                  std::atomic<std::uint32_t>::is_always_lock_free,
              "the kernel compares the four bytes of the word itself");

}  // namespace

WaitResult futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                      std::optional<std::chrono::nanoseconds> deadline) noexcept {
  timespec until{};
  if (deadline) until = to_timespec(*deadline);
  // FUTEX_WAIT_BITSET: the only wait with an absolute time. Without FUTEX_PRIVATE_FLAG: the word is
  // shared between processes. The kernel only reads the word, so a read-only page will do.
  const auto result = ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, expected,
                                deadline ? &until : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (result == 0) return WaitResult::woken;
  switch (errno) {
    case ETIMEDOUT:
      return WaitResult::timed_out;
    case EAGAIN:
      return WaitResult::changed;
    default:
      TAKT_ASSERT(errno == EINTR);  // Anything else: the word is not mapped or not aligned.
      return WaitResult::interrupted;
  }
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  const auto result = ::syscall(SYS_futex, &word, FUTEX_WAKE, count, nullptr, nullptr, 0);
  TAKT_ASSERT(result >= 0);
}

}  // namespace takt::os
