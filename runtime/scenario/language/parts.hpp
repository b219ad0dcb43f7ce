// What reading a scenario shares with reading its parameters alone.
#pragma once

#include <optional>
#include <string>

#include "runtime/scenario/language/load_scenario.hpp"
#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {

inline constexpr graph::FileWords kScenarioWords{
    "scenario file", "scenario",
    "'takt_scenario', 'scenario', 'graph', 'duration' and 'assessments'"};

// The file's tree, and its bytes in `text`.
std::optional<MarkedNode> read_tree(const std::string& path, std::string& text, Report& report);

// The graph as this scenario runs it, with the parameters that its stimuli set, into
// `loaded.graph`. What is wrong with the graph file goes to `found`. False when names cannot be
// looked up in it.
bool read_its_graph(const MarkedNode& root, MapReader& map, LoadedScenario& loaded,
                    const LoadOptions& options, Diagnostics& found, Report& report);

}  // namespace takt::scenario
