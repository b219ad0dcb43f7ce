// A histogram of durations in fixed memory: constant time to add, percentiles to 3.2 %.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include <takt/base/rt.hpp>

namespace takt {

// The figures that summaries show, in nanoseconds.
struct Percentiles {
  std::int64_t p50 = 0;
  std::int64_t p99 = 0;
  std::int64_t p999 = 0;
  std::int64_t max = 0;
  std::uint64_t count = 0;
};

// Buckets of equal width up to 32 ns, then 32 buckets for every doubling up to 68 s (the layout of
// HdrHistogram with 5 bits of precision). Lies in shared memory.
//
// Thread safety: one thread adds, any thread or process reads; a reading beside an `add` may miss
// that one value. Real time: `add` is. Lifetime: that of its page; zeroed memory is an empty one.
class Histogram {
 public:
  static constexpr unsigned kPrecisionBits = 5;
  static constexpr unsigned kSteps = 1U << kPrecisionBits;  // Buckets of one doubling.
  static constexpr unsigned kDoublings = 32;  // 2^(5+31) ns = 68 s: longer is the last bucket.
  static constexpr unsigned kBuckets = kSteps * kDoublings;

  // Negative values count as 0.
  void add(std::int64_t ns) noexcept TAKT_RT {
    const auto value = static_cast<std::uint64_t>(ns < 0 ? 0 : ns);
    bump(buckets_[index_of(value)]);
    bump(count_);
    if (value > max_.load(std::memory_order_relaxed)) {
      max_.store(value, std::memory_order_relaxed);
    }
  }

  // Adds everything that `other` has counted.
  void add_all(const Histogram& other) noexcept;

  std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

  // Each percentile is the upper edge of its bucket, never above the largest value seen.
  Percentiles percentiles() const noexcept;

  static constexpr unsigned index_of(std::uint64_t value) noexcept {
    if (value < kSteps) return static_cast<unsigned>(value);
    const unsigned doubling = static_cast<unsigned>(std::bit_width(value)) - kPrecisionBits;
    if (doubling >= kDoublings) return kBuckets - 1;
    return doubling * kSteps + static_cast<unsigned>((value >> (doubling - 1)) & (kSteps - 1));
  }
  static constexpr std::uint64_t upper_edge(unsigned index) noexcept {
    const unsigned doubling = index / kSteps;
    if (doubling == 0) return index;
    const std::uint64_t step = index % kSteps;
    return ((kSteps + step + 1) << (doubling - 1)) - 1;
  }

 private:
  // One writer: a plain load and store, not a locked read-modify-write.
  static void bump(std::atomic<std::uint64_t>& word) noexcept {
    word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  static void bump(std::atomic<std::uint32_t>& word) noexcept {
    word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> max_{0};
  std::array<std::atomic<std::uint32_t>, kBuckets> buckets_{};
};
static_assert(sizeof(Histogram) == 16 + 4 * Histogram::kBuckets, "lies in shared pages");

}  // namespace takt
