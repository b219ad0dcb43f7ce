// `${NAME}` in the values of a scenario: one of its `parameters:`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <takt/graph/mark_tree.hpp>
#include <takt/graph/report.hpp>

namespace takt::scenario {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Replaces every `${NAME}` in the scalars of the tree but under `parameters:`. Reports names that
// are none, at their place in `source`, and parameters that nothing uses.
void substitute(graph::MarkedNode& root, const Parameters& parameters, const std::string& source,
                graph::Report& report);

}  // namespace takt::scenario
