#include <algorithm>
#include <limits>
#include <map>

#include <takt/base/text.hpp>
#include <takt/port/world.hpp>

#include "runtime/port/iceoryx/service.hpp"

namespace takt::port {
namespace {

// 32 pools a segment in iceoryx 2.0.3; one is the guard.
constexpr std::size_t kClassesMax = 31;
// iceoryx computes a chunk's place in 32 bits: a pool of 4 GiB or more is corrupted (#2087).
constexpr std::uint64_t kOnePoolBytesMax = std::numeric_limits<std::uint32_t>::max();
// iceoryx's chunk header, counted against the same 32 bits.
constexpr std::uint64_t kChunkHeader = 40;
// Management chunks are counted over all pools; with a pool that nobody uses they never run out,
// which 2.0.3 answers with a null pointer (#2440).
constexpr PoolPlan kGuard{8, 512};

// Up to 12.5 % more, so that near sizes share a class.
std::uint64_t rounded(std::uint64_t payload) {
  std::uint64_t step = 8;
  while (step * 16 <= payload) step *= 2;
  return (payload + step - 1) / step * step;
}

// Merges the two neighbours that waste the least memory.
void merge_cheapest(std::map<std::uint64_t, std::uint64_t>& classes) {
  auto best = classes.begin();
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (auto lower = classes.begin(); std::next(lower) != classes.end(); ++lower) {
    const std::uint64_t waste = (std::next(lower)->first - lower->first) * lower->second;
    if (waste < least) least = waste, best = lower;
  }
  std::next(best)->second += best->second;
  classes.erase(best);
}

}  // namespace

Result<std::vector<PoolPlan>> plan_pools(const std::vector<TopicDemand>& topics,
                                         std::uint32_t leaks) {
  std::map<std::uint64_t, std::uint64_t> classes;  // Payload to chunks.
  for (const TopicDemand& topic : topics) {
    classes[rounded(pool_payload(topic.size, topic.align))] += topic.chunks;
  }
  while (classes.size() > kClassesMax) merge_cheapest(classes);

  std::vector<PoolPlan> pools{kGuard};
  for (const auto& [payload, count] : classes) {
    const std::uint64_t chunks = count + leaks;
    if ((payload + kChunkHeader) * chunks > kOnePoolBytesMax) {
      return fail(format("{} samples of {} bytes need {:.1f} GiB; iceoryx 2.0.3 holds less than "
                         "4 GiB of samples of one size",
                         chunks, payload, static_cast<double>(payload * chunks) / (1U << 30U)),
                  "use smaller samples, shorter queues or fewer readers");
    }
    pools.push_back(
        {static_cast<std::uint32_t>(payload), static_cast<std::uint32_t>(chunks), leaks});
  }
  return pools;
}

}  // namespace takt::port
