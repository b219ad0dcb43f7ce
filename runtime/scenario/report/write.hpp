// A run's reports as files.
#pragma once

#include <string>

#include <takt/base/result.hpp>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// Makes `folder` and writes report.html, junit.xml, signals.csv, events.csv and summary.json into
// it. Each appears whole or not at all; an older one of that name stays until then. Errors: no
// right to write there, a full disk.
Result<void> write_results(const std::string& folder, const RunResult& run);

}  // namespace takt::scenario
