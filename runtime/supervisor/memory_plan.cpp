#include <algorithm>

#include <takt/supervisor/memory_plan.hpp>

#include "runtime/supervisor/tap_launch.hpp"

namespace takt {
namespace {

// Chunks that each size class may lose before the graph must be restarted.
constexpr std::uint32_t kLeakBudget = 8;
// Memory that the tap's queue of one topic may take, and its least and largest depth: 200 samples
// bridge a fifth of a second at 1 kHz and leave 55 spare indices for healing.
constexpr std::uint64_t kTapQueueBytes = 1U << 20U;
constexpr std::uint64_t kTapDepthMin = 2;
constexpr std::uint64_t kTapDepthMax = 200;

}  // namespace

std::uint32_t supervisor::tap_depth(const Layout& layout) {
  const std::uint64_t fitting = kTapQueueBytes / std::max<std::uint64_t>(layout.size, 1);
  return static_cast<std::uint32_t>(std::clamp(fitting, kTapDepthMin, kTapDepthMax));
}

Result<std::vector<port::PoolPlan>> plan_memory(const GraphSpec& graph) {
  std::vector<port::TopicDemand> demands;
  for (const TopicSpec& topic : graph.topics) {
    demands.push_back({topic.layout.size, topic.layout.align,
                       topic.chunks + supervisor::tap_depth(topic.layout) + port::kHeldMax});
  }
  return port::plan_pools(demands, kLeakBudget);
}

}  // namespace takt
