// The reader's side of a log ring; not on any loop's path.
#include <algorithm>
#include <cstring>

#include <takt/base/text.hpp>
#include <takt/status/log_ring.hpp>

namespace takt {

std::uint64_t LogRing::read(std::uint64_t next, const std::function<void(const LogRecord&)>& each,
                            std::uint64_t& missed) const {
  const std::uint64_t end = written_.load(std::memory_order_acquire);
  // A page that somebody has damaged must not make its reader go round for ever.
  if (end < next || end - next > kLogRecords) {
    const std::uint64_t oldest = end < kLogRecords ? 0 : end - kLogRecords;
    if (end > next) missed += oldest - next;
    next = oldest;
  }
  for (; next < end; ++next) {
    const Slot& slot = slots_[next % kLogRecords];
    std::array<std::uint64_t, kWords> words;
    const std::uint64_t before = slot.turn.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < kWords; ++i) {
      words[i] = slot.words[i].load(std::memory_order_relaxed);
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (before != 2 * next + 2 || slot.turn.load(std::memory_order_relaxed) != before) {
      ++missed;
      continue;
    }
    LogRecord record;
    std::memcpy(&record, words.data(), sizeof record);
    each(record);
  }
  return end;
}

std::string LogRecord::line() const {
  const std::string_view from(text.data(), std::min<std::size_t>(length, kLogTextMax));
  std::string to;
  std::size_t used = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool place = from.substr(i, 2) == "{}";
    if (place && used < std::min<std::size_t>(number_count, kLogNumbersMax)) {
      to += format("{:.6g}", numbers[used++]);
      ++i;
    } else if (static_cast<unsigned char>(from[i]) >= ' ') {
      to += from[i];  // A line is one line, and a terminal obeys no node.
    }
  }
  return to;
}

}  // namespace takt
