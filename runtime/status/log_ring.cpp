#include <algorithm>
#include <cstring>

#include <takt/status/log_ring.hpp>

namespace takt {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "unknown";
}

// A token bucket: full at the start, one token comes back each pause.
bool LogRing::has_token(std::int64_t now_ns) noexcept {
  const std::int64_t back = (now_ns - last_refill_ns_) / kLogPauseNs;
  if (back > 0) {
    spent_ -= static_cast<std::uint32_t>(std::min<std::int64_t>(back, spent_));
    last_refill_ns_ += back * kLogPauseNs;
  }
  if (spent_ >= kLogBurst) return false;
  ++spent_;
  return true;
}

void LogRing::write(LogLevel level, std::int64_t now_ns, std::string_view text,
                    std::initializer_list<double> numbers) noexcept {
  if (!has_token(now_ns)) {
    suppressed_.store(suppressed() + 1, std::memory_order_relaxed);
    return;
  }
  LogRecord record{};
  record.time_ns = now_ns;
  record.level = level;
  record.length = static_cast<std::uint32_t>(std::min(text.size(), kLogTextMax));
  std::memcpy(record.text.data(), text.data(), record.length);
  for (const double number : numbers) {
    if (record.number_count < kLogNumbersMax) record.numbers[record.number_count++] = number;
  }
  std::array<std::uint64_t, kWords> words;
  std::memcpy(words.data(), &record, sizeof record);

  const std::uint64_t n = written_.load(std::memory_order_relaxed);
  Slot& slot = slots_[n % kLogRecords];
  // The sequence lock of Boehm, "Can seqlocks get along with programming language memory models?"
  slot.turn.store(2 * n + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  for (std::size_t i = 0; i < kWords; ++i) {
    slot.words[i].store(words[i], std::memory_order_relaxed);
  }
  slot.turn.store(2 * n + 2, std::memory_order_release);
  written_.store(n + 1, std::memory_order_release);
}

}  // namespace takt
