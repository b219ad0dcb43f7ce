#include <algorithm>

#include <takt/status/histogram.hpp>

namespace takt {

void Histogram::add_all(const Histogram& other) noexcept {
  const auto sum = [](auto& to, const auto& from) {
    to.store(to.load(std::memory_order_relaxed) + from.load(std::memory_order_relaxed),
             std::memory_order_relaxed);
  };
  sum(count_, other.count_);
  for (unsigned i = 0; i < kBuckets; ++i) sum(buckets_[i], other.buckets_[i]);
  max_.store(
      std::max(max_.load(std::memory_order_relaxed), other.max_.load(std::memory_order_relaxed)),
      std::memory_order_relaxed);
}

Percentiles Histogram::percentiles() const noexcept {
  Percentiles result;
  std::array<std::uint32_t, kBuckets> seen;
  for (unsigned i = 0; i < kBuckets; ++i) {
    seen[i] = buckets_[i].load(std::memory_order_relaxed);
    result.count += seen[i];
  }
  const std::uint64_t max = max_.load(std::memory_order_relaxed);
  result.max = static_cast<std::int64_t>(max);
  if (result.count == 0) return result;

  // The rank of a quantile is rounded up: the p99 of 10 values is the largest.
  const auto quantile = [&](std::uint64_t per_mille) {
    const std::uint64_t rank = (result.count * per_mille + 999) / 1000;
    std::uint64_t below = 0;
    for (unsigned i = 0; i < kBuckets; ++i) {
      below += seen[i];
      if (below >= rank) return static_cast<std::int64_t>(std::min(upper_edge(i), max));
    }
    return result.max;
  };
  result.p50 = quantile(500);
  result.p99 = quantile(990);
  result.p999 = quantile(999);
  return result;
}

}  // namespace takt
