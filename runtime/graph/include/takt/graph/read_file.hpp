// The bytes of a graph file, or a diagnostic that says why there are none.
#pragma once

#include <optional>
#include <string>

#include <takt/graph/report.hpp>

namespace takt::graph {

// Reads at most one byte more than a graph file may have, so that a too large one is noticed.
std::optional<std::string> read_file(const std::string& path, Report& report);

}  // namespace takt::graph
