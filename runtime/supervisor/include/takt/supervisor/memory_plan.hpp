// The shared memory that a run of a graph takes: one plan, shown by `check` and made by `run`.
#pragma once

#include <cstdint>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/port/world.hpp>

namespace takt {

// Every size class, with the tap's queues and the leak budget. Errors: over the transport's limits.
Result<std::vector<port::PoolPlan>> plan_memory(const GraphSpec& graph);

}  // namespace takt
