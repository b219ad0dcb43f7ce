// The node types of the graphs under tests/diagnostics: declarations only, no library behind them.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include <takt/graph/graph_spec.hpp>

namespace takt::test {

// Writes libtest_nodes, libtwin_nodes (a second 'sink/print') and libdamaged_nodes as manifests.
void write_test_manifests(const std::filesystem::path& folder);

// Two CPUs, manifests without libraries.
LoadOptions test_options();

// Codes of graphs that only a board profile brings about: board_corpus_test.cpp shows them.
inline const std::set<std::string> kCodesOfBoards{"graph.below-wake-latency",
                                                  "graph.housekeeping-cpu", "graph.no-cpu"};

}  // namespace takt::test
