// From the tree of a board profile to its plain values.
#pragma once

#include <functional>

#include <takt/graph/board.hpp>
#include <takt/graph/mark_tree.hpp>
#include <takt/graph/report.hpp>

namespace takt::graph {

// Gives a mark the name of the file that is being read.
using SpotOf = const std::function<SourceSpot(const Mark&)>&;

// Walks the tree; what is wrong is reported and left out.
BoardProfile read_profile(const MarkedNode& root, SpotOf spot, Report& report);

}  // namespace takt::graph
