#include <takt/base/text.hpp>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

using takt::test::codes_of;
using CpuPlacement = takt::test::GraphTest;

std::string source(const std::string& name) {
  return takt::format("  {}: {{type: source/profile, period: 1ms, params: {{shape: step}}}}\n",
                      name);
}
std::string reader(const std::string& name, const std::string& writer) {
  return takt::format("  {}: {{type: sink/print, on: value, inputs: {{value: {}.value}}}}\n", name,
                      writer);
}

TEST_F(CpuPlacement, TakesTheHighestCpuFirst) {
  EXPECT_EQ(load_nodes(source("a")).spec.nodes.at(0).real_time.cpus, std::vector<int>{1});
}

TEST_F(CpuPlacement, TakesCpuZeroWhenNoneIsNamed) {
  takt::LoadOptions none = options();
  none.allowed_cpus.clear();

  EXPECT_EQ(load_nodes(source("a"), none).spec.nodes.at(0).real_time.cpus, std::vector<int>{0});
}

TEST_F(CpuPlacement, GoesToTheNextCpuWhenSixteenNodesAreThere) {
  std::string nodes;
  for (int i = 0; i < 17; ++i) nodes += source(takt::format("n{}", i));

  const auto graph = load_nodes(nodes);

  EXPECT_EQ(graph.spec.find("n15")->real_time.cpus, std::vector<int>{1});
  EXPECT_EQ(graph.spec.find("n16")->real_time.cpus, std::vector<int>{0});
}

TEST_F(CpuPlacement, KeepsAChainTogether) {
  std::string nodes;
  for (int i = 0; i < 15; ++i) nodes += source(takt::format("n{}", i));
  nodes += source("root") + reader("leaf", "root");

  const auto graph = load_nodes(nodes);

  EXPECT_EQ(graph.spec.find("root")->real_time.cpus, std::vector<int>{0});
  EXPECT_EQ(graph.spec.find("leaf")->real_time.cpus, std::vector<int>{0});
}

TEST_F(CpuPlacement, FillsTheLeastLoadedCpuWhenAllAreFull) {
  std::string nodes;
  for (int i = 0; i < 40; ++i) nodes += source(takt::format("n{}", i));

  const auto graph = load_nodes(nodes);

  EXPECT_EQ(codes_of(graph), "");
  std::size_t on_zero = 0;
  for (const auto& node : graph.spec.nodes) on_zero += node.real_time.cpus == std::vector<int>{0};
  EXPECT_EQ(on_zero, 20U);
}

}  // namespace
