// A run as JSON, for programs: everything but the samples.
#pragma once

#include <takt/base/json.hpp>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// `takt_scenario_result: 1`. Times in nanoseconds since the barrier, integers; what is no finite
// number is null. The run's own summary (CONTRACTS) stands under `run`.
Json to_json(const RunResult& run);

}  // namespace takt::scenario
