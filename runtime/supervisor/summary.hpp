// The summary of a run, live or at its end: CONTRACTS `takt_summary: 1`.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/port/world.hpp>
#include <takt/status/pages.hpp>

#include "runtime/supervisor/processes.hpp"

namespace takt::supervisor {

struct SummaryFacts {
  std::string instance;
  std::string result;  // ok | failed | refused | running
  std::string reason;
  std::chrono::nanoseconds elapsed{0};
  std::string state;  // Of the graph: CONTRACTS, "States".
  bool armed = false;
};

// One node's part; `before` is what its earlier incarnations have counted, or null.
Json node_summary(const NodeConfig& config, const Process& process, const StatusPage& page,
                  const StatusPage* before);

// Everything but `nodes`.
Json summary_head(const GraphSpec& graph, const SummaryFacts& facts);

}  // namespace takt::supervisor
