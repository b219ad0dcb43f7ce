// A run as one page for a browser.
#pragma once

#include <string>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// One self-contained file: nothing is loaded from elsewhere, and without scripts everything is
// there but zoom and crosshair. Its size grows with the plots, not with the samples: a curve is
// thinned to the smallest and the largest value of a fraction of a pixel, so no spike is lost.
std::string html_report(const RunResult& run);

}  // namespace takt::scenario
