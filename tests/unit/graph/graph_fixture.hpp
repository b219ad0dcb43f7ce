// Graphs of the test nodes, loaded from a text or from tests/diagnostics/good.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <takt/graph/graph_spec.hpp>

namespace takt::test {

class GraphTest : public testing::Test {
 protected:
  // A folder of this test's own, empty at its start.
  static std::filesystem::path scratch_folder();

  // Finds the test nodes' manifests, on two CPUs.
  static LoadOptions options();

  static LoadedGraph load_good(const std::string& name);
  // `nodes` is what stands under `nodes:`, with its indentation.
  static LoadedGraph load_nodes(const std::string& nodes,
                                const LoadOptions& options = GraphTest::options());
};

// The codes of the findings, separated by blanks.
std::string codes_of(const LoadedGraph& graph);

}  // namespace takt::test
