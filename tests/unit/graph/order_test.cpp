// Triggers, order at one instant and the order of the start.
#include <chrono>
#include <vector>

#include <takt/base/text.hpp>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

using namespace std::chrono_literals;
using Edges = std::vector<std::string>;
using GraphOrder = takt::test::GraphTest;

std::vector<std::string> delayed_of(const takt::LoadedGraph& graph) {
  std::vector<std::string> edges;
  for (const takt::DelayedEdge& edge : graph.spec.delayed) {
    edges.push_back(takt::format("{} -> {}.{}", edge.from.text(), edge.node, edge.input));
  }
  return edges;
}

//   reference (10 ms) ---------------> speed_pid -> drive
//   motor (1 ms) --speed--> measurement ^            |
//     ^ voltage -------------------------------------+
TEST_F(GraphOrder, MotorSpeedRunsInTheOrderOfItsDataFlow) {
  const auto graph = load_good("motor_speed.yaml");

  EXPECT_EQ(graph.spec.name, "motor_speed");
  EXPECT_EQ(graph.spec.real_time, takt::RealTimeMode::best_effort);
  EXPECT_EQ(delayed_of(graph), Edges{"drive.output -> motor.voltage"});
  EXPECT_EQ(graph.spec.start_order, (Edges{"reference", "motor", "speed_pid", "drive"}));
  EXPECT_EQ(graph.spec.find("reference")->period, 10ms);
  for (const char* node : {"motor", "speed_pid", "drive"}) {
    EXPECT_EQ(graph.spec.find(node)->period, 1ms) << node;
  }
}

TEST_F(GraphOrder, ResolvesEveryKindOfTrigger) {
  const auto graph = load_good("triggers.yaml");
  const auto trigger = [&](const char* node) { return graph.spec.find(node)->trigger; };

  EXPECT_EQ(trigger("fast"),
            (takt::TriggerConfig{takt::TriggerKind::periodic, 1ms, 200us, {}, 0ns}));
  EXPECT_EQ(trigger("slow").period, 4ms);
  EXPECT_EQ(trigger("free").kind, takt::TriggerKind::free_running);
  EXPECT_EQ(trigger("one"),
            (takt::TriggerConfig{takt::TriggerKind::on_input, 0ns, 0ns, {"value"}, 0ns}));
  EXPECT_EQ(trigger("both"),
            (takt::TriggerConfig{takt::TriggerKind::on_all, 0ns, 0ns, {"a", "b"}, 200us}));
  EXPECT_EQ(trigger("either"),
            (takt::TriggerConfig{takt::TriggerKind::on_any, 0ns, 0ns, {"b", "a"}, 0ns}));
}

TEST_F(GraphOrder, GivesADataTriggeredNodeThePeriodOfItsFirstInputsRoot) {
  const auto graph = load_good("triggers.yaml");

  EXPECT_EQ(graph.spec.find("one")->period, 4ms);
  EXPECT_EQ(graph.spec.find("both")->period, 1ms);
  EXPECT_EQ(graph.spec.find("either")->period, 4ms);
  EXPECT_EQ(graph.spec.find("behind")->period, 1ms);
  EXPECT_EQ(graph.spec.find("after_free")->period, 0ms);
}

TEST_F(GraphOrder, KeepsFreeRunningNodesOutOfTheRealTimeClass) {
  const auto graph = load_good("triggers.yaml");

  const takt::RealTimeConfig expected{takt::Policy::other, 0, {}, false};
  EXPECT_EQ(graph.spec.find("free")->real_time, expected);
}

TEST_F(GraphOrder, OfLockstepFollowsTheDataBetweenTreesAndIsDepthFirstInside) {
  const auto graph = load_good("lockstep.yaml");
  Edges turns;
  for (const std::size_t node : graph.spec.turn_order) turns.push_back(graph.spec.nodes[node].name);

  EXPECT_EQ(graph.spec.clock, takt::ClockMode::lockstep);
  EXPECT_EQ(turns, (Edges{"first", "early", "middle", "behind", "last", "print"}));
  EXPECT_EQ(delayed_of(graph), Edges{"last.mean -> early.a"});
  for (const takt::NodeConfig& node : graph.spec.nodes) {
    EXPECT_EQ(node.real_time, (takt::RealTimeConfig{takt::Policy::other, 0, {}, false}));
    EXPECT_EQ(node.safety.supervisor_timeout, 0ns) << "time stands still with the supervisor";
  }
}

TEST_F(GraphOrder, ListsEdgesThatPrioritiesDoNotOrder) {
  const auto graph = load_good("order.yaml");

  EXPECT_EQ(delayed_of(graph), (Edges{"equal.value -> middle.b", "middle.mean -> falls.value"}));
  EXPECT_EQ(graph.spec.delayed.at(0).reason,
            "the priority of 'middle' (40) does not fall below that of 'equal' (40), which must "
            "run first");
  EXPECT_EQ(
      graph.spec.delayed.at(1).reason,
      "the priority of 'falls' (40) does not rise above that of 'middle' (40), which releases it");
}

TEST_F(GraphOrder, ListsEdgesThatLeadBackInsideATree) {
  EXPECT_EQ(delayed_of(load_good("branches.yaml")),
            (Edges{"second.mean -> first.b", "second.mean -> second.c"}));
}

TEST_F(GraphOrder, StartsAlongTheFlowWithDelayedEdgesCut) {
  const auto graph = load_good("delayed.yaml");

  EXPECT_EQ(delayed_of(graph), (Edges{"left.mean -> right.a", "left.mean -> right.b"}));
  EXPECT_EQ(graph.spec.start_order, (Edges{"right", "left"}));
  EXPECT_TRUE(graph.spec.find("right")->inputs.at(0).delayed);
  EXPECT_FALSE(graph.spec.find("left")->inputs.at(0).delayed);
}

TEST_F(GraphOrder, ListsEdgesBetweenCpusAndOutsideTheRealTimeClass) {
  const auto apart = load_nodes(
      "  a: {type: source/profile, period: 1ms, priority: 20, cpu: 0, params: {shape: step}}\n"
      "  b: {type: sink/print, on: value, priority: 30, cpu: 1, inputs: {value: a.value}}\n"
      "  c: {type: sink/print, on: value, policy: other, inputs: {value: a.value}}\n");

  ASSERT_EQ(apart.spec.delayed.size(), 2U);
  EXPECT_EQ(apart.spec.delayed[0].reason, "'a' (CPU 0) and 'b' (CPU 1) may run at the same time");
  EXPECT_EQ(apart.spec.delayed[1].reason,
            "'c' is in no real-time class, so the kernel chooses the order");
}

}  // namespace
