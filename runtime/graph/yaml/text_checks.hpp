// What must be true of a file's bytes before a YAML parser sees them.
#pragma once

#include <string_view>

#include <takt/graph/report.hpp>

namespace takt::graph {

// UTF-8 without control characters, no tab in an indentation, not too large, not empty. Reports the
// first offence and returns false.
bool check_text(std::string_view text, Report& report);

}  // namespace takt::graph
