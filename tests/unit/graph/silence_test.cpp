// What a graph says about devices in silence, as the node's process is told.
#include <chrono>
#include <string>

#include "tests/unit/graph/graph_fixture.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using OnSilenceKey = GraphTest;

constexpr const char* kUnknown = R"(
  set_point: {type: source/profile, period: 10ms, params: {shape: step}}
  valve:
    type: actuator/valve
    on: command
    on_silence: unknown
    safe: {applied: 0}
    inputs: {command: {from: set_point.value, max_age: 30ms}}
)";

TEST_F(OnSilenceKey, ReachesTheNodesConfiguration) {
  const auto graph = load_good("devices.yaml");

  EXPECT_EQ(graph.spec.find("watchful")->on_silence, (OnSilence{Silence::device_timeout, 200ms}));
  EXPECT_EQ(graph.spec.find("faithful")->on_silence, (OnSilence{Silence::holds_last, {}}));
  EXPECT_EQ(graph.spec.find("set_point")->on_silence, std::nullopt);
  EXPECT_TRUE(graph.spec.find("watchful")->actuator);
}

TEST_F(OnSilenceKey, ThatIsUnknownIsAnErrorWhereRealTimeIsRequired) {
  const auto graph = load_nodes(kUnknown);

  EXPECT_EQ(codes_of(graph), "graph.unknown-silence");
  EXPECT_TRUE(graph.diagnostics.has_errors());
  EXPECT_EQ(graph.spec.real_time, RealTimeMode::required);
}

TEST_F(OnSilenceKey, IsJudgedByTheRealTimeThatTheCommandLineAsksFor) {
  LoadOptions best_effort = options();
  best_effort.real_time = RealTimeMode::best_effort;

  const auto graph = load_nodes(kUnknown, best_effort);

  EXPECT_EQ(codes_of(graph), "graph.unknown-silence");
  EXPECT_FALSE(graph.diagnostics.has_errors()) << "a warning";
  EXPECT_EQ(graph.spec.real_time, RealTimeMode::best_effort);
}

}  // namespace
}  // namespace takt::test
