// A node's log: a ring of records in its status page, written on the loop's path.
//
// The writer never waits and never asks who reads: it goes round and overwrites. A reader sees by
// the records' turns what it missed. Numbers travel as they are and are put into the text by the
// reader, so that the loop formats nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include <takt/base/rt.hpp>

namespace takt {

enum class LogLevel : std::uint32_t { info, warning, error };
std::string_view name_of(LogLevel level);

inline constexpr std::size_t kLogRecords = 32;
inline constexpr std::size_t kLogTextMax = 128;  // Longer texts are cut.
inline constexpr std::size_t kLogNumbersMax = 4;
// So many at once, then one each `kLogPause`; what is more is counted, not kept. A node that
// complains in every cycle must not hide what its neighbours say.
inline constexpr std::uint32_t kLogBurst = 16;
inline constexpr std::int64_t kLogPauseNs = 100'000'000;

// One line, as the writer leaves it.
struct LogRecord {
  std::int64_t time_ns;  // CLOCK_MONOTONIC of the cycle that wrote it.
  LogLevel level;
  std::uint32_t length;
  std::array<double, kLogNumbersMax> numbers;
  std::uint32_t number_count;
  std::uint32_t reserved;
  std::array<char, kLogTextMax> text;

  // The text with each `{}` replaced by the next number.
  std::string line() const;
};

// Thread safety: one thread writes, any thread or process reads. Real time: `write` is. Lifetime:
// that of its page; zeroed memory is an empty ring.
class LogRing {
 public:
  // Keeps one line, or counts it as suppressed.
  void write(LogLevel level, std::int64_t now_ns, std::string_view text,
             std::initializer_list<double> numbers) noexcept TAKT_RT;

  // Hands every record from number `next` on to `each`; returns where to go on the next time.
  // Records that were overwritten before they were read are added to `missed`.
  std::uint64_t read(std::uint64_t next, const std::function<void(const LogRecord&)>& each,
                     std::uint64_t& missed) const;
  std::uint64_t suppressed() const { return suppressed_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kWords = sizeof(LogRecord) / sizeof(std::uint64_t);
  struct Slot {
    std::atomic<std::uint64_t> turn;  // 2n + 1 while record n is written, 2n + 2 when it stands.
    std::array<std::atomic<std::uint64_t>, kWords> words;
  };
  bool has_token(std::int64_t now_ns) noexcept TAKT_RT;

  std::atomic<std::uint64_t> written_;
  std::atomic<std::uint64_t> suppressed_;
  std::int64_t last_refill_ns_;  // The writer's own.
  std::uint32_t spent_;
  std::uint32_t reserved_;
  std::array<Slot, kLogRecords> slots_;
};
static_assert(sizeof(LogRecord) % sizeof(std::uint64_t) == 0, "is copied in words");

}  // namespace takt
