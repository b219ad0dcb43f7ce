// The plots of a run's page.
#pragma once

#include <string>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// A figure an entry of `plots` (without any: one of what was judged, or else of all signals), in it
// a panel a unit, drawn over the same time. Faults and violations are shaded, the worst points and
// the events marked.
std::string plots_html(const RunResult& run);

}  // namespace takt::scenario
