// The node types of the graphs under tests/diagnostics: declarations only, no library behind them.
#pragma once

#include <filesystem>

#include <takt/graph/graph_spec.hpp>

namespace takt::test {

// Writes libtest_nodes, libtwin_nodes (a second 'sink/print') and libdamaged_nodes as manifests.
void write_test_manifests(const std::filesystem::path& folder);

// Two CPUs, manifests without libraries.
LoadOptions test_options();

}  // namespace takt::test
