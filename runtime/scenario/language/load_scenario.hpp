// From a file to what it asks for.
#pragma once

#include <takt/base/diagnostic.hpp>
#include <takt/graph/graph_spec.hpp>

#include "runtime/scenario/language/substitute.hpp"
#include "runtime/scenario/spec.hpp"

namespace takt::scenario {

struct LoadedScenario {
  ScenarioSpec spec;  // Complete only when `diagnostics` has no errors.
  GraphSpec graph;
  Diagnostics diagnostics;  // The scenario's, then its graph's.
};

// Every combination of the file's `parameters:`, at least one (empty) one.
std::vector<Parameters> read_combinations(const std::string& path, Diagnostics& diagnostics);

// With these values for its parameters. `clock` beats the scenario's own.
LoadedScenario load_scenario(const std::string& path, const Parameters& parameters,
                             std::optional<ClockMode> clock, const LoadOptions& options);

}  // namespace takt::scenario
