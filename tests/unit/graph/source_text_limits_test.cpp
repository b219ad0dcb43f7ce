// Texts too large to stand as files among the wrong graphs.
#include <string>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/graph/mark_tree.hpp>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

using takt::test::codes_of;
using SourceTextLimits = takt::test::GraphTest;

TEST_F(SourceTextLimits, RefuseAFileOfMoreThanFourMebibytes) {
  const std::string text = "takt: 1\n#" + std::string(takt::graph::kFileBytesMax, 'x');

  EXPECT_EQ(codes_of(takt::load_graph_text(text, "test.yaml", options())), "graph.too-large");
}

TEST_F(SourceTextLimits, RefuseMoreThanAThousandKeysInOneMap) {
  std::string nodes;
  for (int i = 0; i <= 1000; ++i) nodes += takt::format("  n{}: {{}}\n", i);

  EXPECT_EQ(codes_of(load_nodes(nodes)), "graph.too-large");
}

TEST_F(SourceTextLimits, RefuseMoreThanAHundredThousandValues) {
  std::string text = "[0";
  for (int i = 0; i < 100'000; ++i) text += ",0";

  EXPECT_EQ(codes_of(takt::load_graph_text(text + "]", "test.yaml", options())), "graph.too-large");
}

TEST_F(SourceTextLimits, LetTheLargestGraphPass) {
  std::string nodes;
  for (int i = 0; i < 200; ++i) {
    nodes +=
        takt::format("  n{}: {{type: source/profile, period: 10ms, params: {{shape: step}}}}\n", i);
  }

  const takt::LoadedGraph graph = load_nodes(nodes);

  EXPECT_EQ(codes_of(graph), "");
  EXPECT_EQ(graph.spec.nodes.size(), 200U);
}

}  // namespace
