// What the graphs in tests/diagnostics/good mean, feature by feature.
#include <chrono>
#include <cstring>
#include <filesystem>
#include <vector>

#include <takt/base/text.hpp>
#include <takt/sample/json.hpp>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using takt::NodeConfig;
using GoodGraph = takt::test::GraphTest;

constexpr std::size_t kGoodFilesMin = 10;

const takt::InputConfig& input_of(const NodeConfig& node, const std::string& name) {
  for (const takt::InputConfig& input : node.inputs) {
    if (input.name == name) return input;
  }
  ADD_FAILURE() << "no input " << name;
  return node.inputs.front();
}

const takt::TopicSpec& topic_of(const takt::LoadedGraph& graph, const std::string& name) {
  for (const takt::TopicSpec& topic : graph.spec.topics) {
    if (topic.name.text() == name) return topic;
  }
  ADD_FAILURE() << "no topic " << name;
  return graph.spec.topics.front();
}

using Names = std::vector<std::string>;

TEST_F(GoodGraph, LoadsWithoutAFinding) {
  std::size_t files = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics/good")) {
    const takt::LoadedGraph graph = load_good(entry.path().filename().string());

    EXPECT_TRUE(graph.diagnostics.empty()) << graph.diagnostics.render(false);
    EXPECT_FALSE(graph.spec.nodes.empty());
    EXPECT_EQ(graph.spec.start_order.size(), graph.spec.nodes.size());
    ++files;
  }
  EXPECT_GE(files, kGoodFilesMin);
}

TEST_F(GoodGraph, SurvivesItsWayToTheNodesProcess) {
  for (const auto& entry :
       fs::directory_iterator(fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics/good")) {
    const takt::LoadedGraph graph = load_good(entry.path().filename().string());
    for (const NodeConfig& node : graph.spec.nodes) {
      const auto copy = takt::node_config_from_json(takt::to_json(node));
      ASSERT_TRUE(copy.ok()) << copy.error().text();
      EXPECT_TRUE(*copy == node) << node.name;
    }
  }
}

TEST_F(GoodGraph, ExternalInputsHaveNoTopicAndTheUnitOfTheirInitialValue) {
  const auto graph = load_good("external.yaml");
  const takt::InputConfig& reference = input_of(*graph.spec.find("pid"), "reference");
  const takt::InputConfig& command = input_of(*graph.spec.find("drive"), "command");

  EXPECT_TRUE(reference.external);
  EXPECT_FALSE(reference.from.has_value());
  EXPECT_EQ(reference.unit, "rad/s");
  double initial = 0.0;
  ASSERT_EQ(reference.initial.size(), sizeof initial);
  std::memcpy(&initial, reference.initial.data(), sizeof initial);
  EXPECT_EQ(initial, 2.0);
  EXPECT_TRUE(command.external);
  EXPECT_EQ(command.max_age, 20ms);
  EXPECT_TRUE(command.initial.empty());
  EXPECT_FALSE(input_of(*graph.spec.find("pid"), "measurement").external);
}

TEST_F(GoodGraph, MotorSpeedGivesTheControllerAllThatItNeeds) {
  const auto graph = load_good("motor_speed.yaml");
  const NodeConfig& pid = *graph.spec.find("speed_pid");

  EXPECT_EQ(pid.graph, "motor_speed");
  EXPECT_EQ(pid.type, "controller/pid");
  EXPECT_EQ(pid.trigger.kind, takt::TriggerKind::on_input);
  EXPECT_EQ(pid.trigger.inputs, Names{"measurement"});
  EXPECT_EQ(pid.deadline, 500us);
  EXPECT_EQ(
      pid.params,
      takt::Json(
          {{"kp", 100.0}, {"ki", 200.0}, {"kd", 10.0}, {"tf", 0.01}, {"b", 1.0}, {"c", 1.0}}));
  EXPECT_EQ(pid.real_time.policy, takt::Policy::fifo);
  EXPECT_EQ(pid.real_time.priority, 71);
  EXPECT_TRUE(pid.real_time.lock_memory);
  EXPECT_EQ(pid.inputs.size(), 4U);
  EXPECT_EQ(input_of(pid, "measurement").max_age, nanoseconds(3ms));
  EXPECT_EQ(input_of(pid, "measurement").max_data_age, std::nullopt);
  EXPECT_TRUE(input_of(pid, "measurement").measurement);
  EXPECT_EQ(input_of(pid, "reference").max_age, std::nullopt);
  EXPECT_EQ(input_of(pid, "reference").initial.size(), sizeof(double));
  EXPECT_FALSE(input_of(pid, "tracking").from.has_value());
}

TEST_F(GoodGraph, MotorSpeedGivesTheActuatorItsSafeValueAndLimits) {
  const auto graph = load_good("motor_speed.yaml");
  const NodeConfig& drive = *graph.spec.find("drive");

  EXPECT_TRUE(drive.actuator);
  EXPECT_TRUE(drive.outputs.at(0).has_safe);
  EXPECT_EQ(drive.outputs.at(0).safe, std::vector<std::byte>(sizeof(double)));
  EXPECT_EQ(drive.inputs.at(0).max_age, nanoseconds(3ms));
  EXPECT_EQ(drive.inputs.at(0).max_data_age, nanoseconds(5ms));
  EXPECT_TRUE(drive.inputs.at(0).command);
  const takt::ReaderConfig expected{"motor", "voltage", false, 0};
  EXPECT_EQ(drive.outputs.at(0).readers, std::vector<takt::ReaderConfig>{expected});
  EXPECT_TRUE(graph.spec.find("motor")->outputs.at(0).readers.at(0).rings);
}

TEST_F(GoodGraph, MotorSpeedKnowsTheUnitOfEveryTopic) {
  const auto graph = load_good("motor_speed.yaml");

  EXPECT_EQ(topic_of(graph, "reference.value").unit, "rad/s");  // As its parameters are written.
  EXPECT_EQ(topic_of(graph, "motor.speed").unit, "rad/s");      // As its type says.
  EXPECT_EQ(topic_of(graph, "speed_pid.output").unit, "V");     // As `units:` says.
  EXPECT_EQ(topic_of(graph, "drive.output").unit, "V");         // As its reader's type says.
}

TEST_F(GoodGraph, CountsTheChunksOfItsTopics) {
  const auto motor = load_good("motor_speed.yaml");
  const auto queues = load_good("queues.yaml");

  EXPECT_EQ(topic_of(motor, "motor.current").chunks, 2U + 2U);
  EXPECT_EQ(topic_of(motor, "motor.speed").chunks, 2U + 2U + (8U + 2U));
  EXPECT_EQ(topic_of(queues, "set_point.value").chunks, 2U + 2U + (16U + 2U) + (8U + 2U));
  EXPECT_EQ(topic_of(queues, "mean.mean").chunks, 2U + 2U + (4U + 2U) + (255U + 2U));
}

TEST_F(GoodGraph, ReadsFallbacksInTheirOrderAndLetsEachTopicReleaseTheNode) {
  const auto graph = load_good("fallbacks.yaml");
  const takt::InputConfig& command = input_of(*graph.spec.find("drive"), "command");

  EXPECT_EQ(command.from, (takt::TopicName{"pid", "output"}));
  EXPECT_EQ(command.fallbacks, (std::vector<takt::TopicName>{{"spare", "output"}}));
  EXPECT_TRUE(input_of(*graph.spec.find("pid"), "reference").fallbacks.empty());
  const takt::ReaderConfig drive{"drive", "command", true, 0};
  EXPECT_EQ(graph.spec.find("pid")->outputs.at(0).readers.front(), drive);
  EXPECT_EQ(graph.spec.find("spare")->outputs.at(0).readers.front(), drive);
  EXPECT_EQ(topic_of(graph, "spare.output").chunks, 2U + 2U + (8U + 2U));
}

TEST_F(GoodGraph, ResolvesQueuesAndCredits) {
  const auto graph = load_good("queues.yaml");
  const auto& readers = graph.spec.find("mean")->outputs.at(0).readers;

  EXPECT_EQ(graph.spec.find("mean")->inputs.at(0).queue_depth, 16U);
  EXPECT_EQ(graph.spec.find("mean")->inputs.at(1).queue_depth, 0U);
  EXPECT_EQ(graph.spec.find("one")->inputs.at(0).when_full, takt::WhenFull::wait);
  EXPECT_EQ(readers.at(0).credit_depth, 4U);
  EXPECT_TRUE(readers.at(0).rings);
  EXPECT_EQ(readers.at(1).credit_depth, 255U);
  EXPECT_FALSE(readers.at(1).rings);
}

TEST_F(GoodGraph, EncodesSamplesFieldByField) {
  const auto graph = load_good("samples.yaml");
  const takt::InputConfig& input = graph.spec.find("monitor")->inputs.at(0);

  const takt::Json status = takt::sample_to_json(input.layout, input.initial);

  EXPECT_EQ(status, takt::Json({{"serial", 18446744073709551615U},
                                {"temperature", 293.15},
                                {"readings", {1.0, 2.0}},
                                {"label", "ready"},
                                {"gain", 0.5F},
                                {"count", -7},
                                {"fault", true},
                                {"level", 255},
                                {"code", 65535},
                                {"reserved", 0}}))
      << status.dump();
}

TEST_F(GoodGraph, ConvertsParametersIntoTheDeclaredUnit) {
  const auto graph = load_good("units.yaml");
  const takt::Json& profile = graph.spec.find("set_point")->params;
  const takt::Json& motor = graph.spec.find("motor")->params;
  const takt::Json& drive = graph.spec.find("drive")->params;

  EXPECT_EQ(profile.at("at"), 0.25);
  EXPECT_EQ(profile.at("from"), -0.5);
  EXPECT_EQ(profile.at("to"), 10.0);
  EXPECT_EQ(profile.at("duty"), 0.2);
  EXPECT_EQ(profile.at("frequency"), 2.0);
  EXPECT_EQ(motor.at("resistance"), 1500.0);
  EXPECT_EQ(motor.at("temperature"), 293.15);
  EXPECT_EQ(motor.at("inertia"), 0.1);
  EXPECT_EQ(motor.at("inductance"), 0.5);  // The default.
  EXPECT_EQ(drive.at("max"), 3.0);
  EXPECT_EQ(drive.at("rate"), 1.0);  // 60 A/min, per second.
}

TEST_F(GoodGraph, KeepsTheKindsOfParameters) {
  const auto graph = load_good("parameters.yaml");

  EXPECT_EQ(graph.spec.find("imu")->params.dump(),
            R"({"range":8,"filter":false,"device":"/dev/spidev0.0"})");
  EXPECT_EQ(graph.spec.find("second")->params.dump(), R"({"range":4,"filter":true,"device":"10"})");
  EXPECT_EQ(graph.spec.find("table")->params.at("file"), "my file.csv");
  EXPECT_EQ(load_good("samples.yaml").spec.find("encoder")->params.at("lines"), 10);
}

TEST_F(GoodGraph, TakesDefaultsWhereANodeSaysNothing) {
  const auto graph = load_good("misses.yaml");
  const NodeConfig& common = *graph.spec.find("common");
  const NodeConfig& own = *graph.spec.find("own");

  EXPECT_EQ(common.deadline, 800us);
  EXPECT_EQ(common.on_miss, takt::OnMiss::safe);
  EXPECT_EQ(common.tolerate_misses, 2U);
  EXPECT_EQ(common.tolerate_window, 100U);
  EXPECT_EQ(common.real_time.priority, 30);
  EXPECT_EQ(own.deadline, 500us);
  EXPECT_EQ(own.on_miss, takt::OnMiss::stop);
  EXPECT_EQ(own.tolerate_window, 1024U);
  EXPECT_EQ(own.real_time.priority, 89);
  EXPECT_EQ(graph.spec.find("counted")->on_miss, takt::OnMiss::count);
}

TEST_F(GoodGraph, ResolvesClassesAndCpus) {
  const auto graph = load_good("cpus.yaml");
  const auto real_time = [&](const char* node) { return graph.spec.find(node)->real_time; };

  EXPECT_EQ(real_time("auto").cpus, std::vector<int>{1});
  EXPECT_EQ(real_time("behind_auto").cpus, std::vector<int>{1});
  EXPECT_EQ(real_time("placed").cpus, std::vector<int>{0});
  EXPECT_EQ(real_time("behind_placed").cpus, std::vector<int>{0});
  EXPECT_EQ(real_time("behind_placed").policy, takt::Policy::round_robin);
  EXPECT_EQ(real_time("some").cpus, (std::vector<int>{0, 1}));
  EXPECT_EQ(real_time("ordinary"), (takt::RealTimeConfig{takt::Policy::other, 0, {}, false}));
}

TEST_F(GoodGraph, TakesLimitsThatAreWrittenOutAsNone) {
  const auto graph = load_good("freshness.yaml");

  EXPECT_EQ(graph.spec.find("drive")->inputs.at(0).max_age, std::nullopt);
  EXPECT_EQ(graph.spec.find("drive")->inputs.at(0).max_data_age, nanoseconds(5ms));
  EXPECT_EQ(graph.spec.find("brake")->inputs.at(0).max_data_age, std::nullopt);
  EXPECT_EQ(graph.spec.find("pid")->inputs.at(0).on_stale, takt::OnStale::hold);
  EXPECT_EQ(graph.spec.find("pid")->inputs.at(1).on_stale, takt::OnStale::stop);
  EXPECT_EQ(graph.spec.find("drive")->inputs.at(0).on_stale, takt::OnStale::safe);
}

TEST_F(GoodGraph, ReadsUnusualSpelling) {
  const auto graph = load_good("spelling.yaml");

  EXPECT_EQ(graph.spec.name, "spelling-1");
  EXPECT_EQ(graph.spec.nodes.at(0).period, 10ms);
  EXPECT_EQ(graph.spec.nodes.at(0).params.at("shape"), "step");
}

TEST_F(GoodGraph, MakesTheEmergencyStopTheLastInputOfEveryActuator) {
  const auto graph = load_good("estop.yaml");

  EXPECT_EQ(graph.spec.estop, "panel.status.fault");
  for (const char* name : {"left", "right"}) {
    const NodeConfig& node = *graph.spec.find(name);
    ASSERT_EQ(node.inputs.size(), 2U);
    EXPECT_EQ(node.inputs[1].name, takt::kEstopInput);
    EXPECT_EQ(node.inputs[1].max_age, nanoseconds(100ms));
    ASSERT_TRUE(node.estop);
    EXPECT_EQ(node.estop->kind, takt::FieldKind::boolean);
    EXPECT_EQ(node.estop->released, (std::vector<std::byte>{std::byte{0}}));
  }
  // Twice what comes while the reader may rest: its `max_age`, or its period.
  EXPECT_EQ(graph.spec.find("left")->inputs[1].queue_depth, 2U * 5 + 8);
  EXPECT_EQ(graph.spec.find("right")->inputs[1].queue_depth, 2U * 25 + 8);
  EXPECT_FALSE(graph.spec.find("panel")->estop);
  const auto& readers = graph.spec.find("panel")->outputs[0].readers;
  ASSERT_EQ(readers.size(), 3U);
  EXPECT_EQ(readers[1], (takt::ReaderConfig{"left", takt::kEstopInput, true, 0}));
  EXPECT_EQ(topic_of(graph, "panel.status").chunks, 2U + 2 + (8 + 2) + (18 + 2) + (58 + 2));
}

}  // namespace
