// `--clock lockstep`: the same processes, the same topics, and time that depends on nothing else.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "nodes/controller/pid_algorithm.hpp"
#include "nodes/plant/dc_motor_model.hpp"
#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::test {
namespace {

// What a tool saw of a whole run.
struct Recording {
  std::string out;
  Json summary;
};

Recording record(const std::string& graph, const std::string& topics, const std::string& time,
                 const std::string& format = "--csv") {
  Instance sut;
  auto echo = sut.start("echo", {topics, format, "--wait", "20s"});
  auto run = sut.run(graph, {"--clock", "lockstep", "--for", time, "--await-taps", "1", "--json"});
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  return {echo->out(), summary_of(*run)};
}

TEST(Lockstep, DoesExactlyTheStepsOfItsTime) {
  const Recording sut = record(shipped_graph("motor_speed.yaml"), "motor.speed", "1.5s");

  EXPECT_EQ(sut.summary.at("clock"), "lockstep");
  EXPECT_EQ(sut.summary.at("elapsed_s"), 1.5);
  EXPECT_EQ(node_of(sut.summary, "reference").at("cycles"), 151);
  for (const char* node : {"motor", "speed_pid", "drive"}) {
    EXPECT_EQ(node_of(sut.summary, node).at("cycles"), 1501) << node;
    EXPECT_EQ(node_of(sut.summary, node).at("stale_steps"), 0) << node;
  }
  const auto lines = lines_of(sut.out);
  ASSERT_EQ(lines.size(), 1502U) << "a header and every sample";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_DOUBLE_EQ(cells_of(lines[i]).at(0), static_cast<double>(i - 1) * 1e-3);
    EXPECT_EQ(cells_of(lines[i]).at(1), static_cast<double>(i - 1));
  }
}

TEST(Lockstep, WritesTheSameBytesInEveryRunWhateverElseTheMachineDoes) {
  const std::string graph = shipped_graph("motor_speed.yaml");
  const Recording quiet = record(graph, "motor", "1.2s", "--json");

  std::atomic<bool> busy{true};
  std::vector<std::thread> load;
  for (int i = 0; i < 4; ++i) {
    load.emplace_back([&] {
      while (busy.load(std::memory_order_relaxed)) {
      }
    });
  }
  const Recording loaded = record(graph, "motor", "1.2s", "--json");
  busy = false;
  for (auto& thread : load) thread.join();

  // In which order a tool gets the samples of several topics is not promised.
  auto left = lines_of(quiet.out), right = lines_of(loaded.out);
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  EXPECT_EQ(left.size(), 2U * 1201U) << "speed and current";
  EXPECT_TRUE(left == right);
}

// The step of the set-point comes at 1 s.
TEST(Lockstep, LandsOnTheTrajectoryOfTheOracle) {
  const Recording sut = record(shipped_graph("motor_speed.yaml"), "motor.speed", "4s");
  const auto lines = lines_of(sut.out);
  const ReferenceTable oracle("motor_speed_pid_1ms_d0.csv");
  std::size_t compared = 0;
  for (std::size_t row = 0; row < oracle.size(); ++row) {
    const double t = oracle.number(row, "t");
    const double periods = t * 1e3;
    if (std::abs(periods - std::round(periods)) > 1e-6 || t > 3.0) continue;
    const double y = oracle.number(row, "y");
    EXPECT_NEAR(cells_of(lines.at(static_cast<std::size_t>(std::llround(periods)) + 1001)).at(2), y,
                printed_tolerance(y))
        << "at " << t;
    ++compared;
  }
  EXPECT_GT(compared, 25U);
}

// Four processes give the bits that the equations give in one.
TEST(Lockstep, ComputesWhatTheEquationsOfItsNodesCompute) {
  constexpr std::chrono::milliseconds kPeriod{10};
  const Recording sut = record(shipped_graph("motor_speed_10ms.yaml"), "motor.speed", "4s");
  nodes::DcMotorModel motor(nodes::DcMotorParameters{}, kPeriod);
  nodes::DcMotorState state;
  nodes::PidAlgorithm pid({.kp = 100, .ki = 200, .kd = 10, .h = 0.01, .tf = 0.01, .c = 1});

  const auto lines = lines_of(sut.out);
  ASSERT_EQ(lines.size(), 402U);
  for (std::size_t k = 0; k < 401; ++k) {
    ASSERT_EQ(cells_of(lines[k + 1]).at(2), state.speed) << "at period " << k;
    const double u = pid.step(k < 100 ? 0.0 : 1.0, state.speed);
    state = motor.advance(state, u, kPeriod);
  }
}

TEST(Lockstep, RunsEveryNodeInAProcessOfItsOwnAndAsksForNoRealTime) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"),
                     {"--clock", "lockstep", "--speed", "1", "--real-time", "required"});
  ASSERT_TRUE(sut.runs()) << run->err();
  const Json now = sut.ps();

  std::set<int> pids;
  for (const Json& node : now.at("nodes")) {
    pids.insert(node.at("pid").get<int>());
    EXPECT_EQ(node.at("applied").at("policy"), "other");
    EXPECT_EQ(::sched_getscheduler(node.at("pid").get<pid_t>()), SCHED_OTHER);
  }
  EXPECT_EQ(pids.size(), 4U);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

TEST(Lockstep, IsNotFasterThanItsSpeed) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"),
                     {"--clock", "lockstep", "--speed", "4", "--for", "2s", "--json"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_GE(summary_of(*run).at("wall_s"), 0.5);
}

TEST(Lockstep, EndsWithTheNameOfANodeThatIsKilled) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--clock", "lockstep"});
  ASSERT_TRUE(sut.runs()) << run->err();

  ASSERT_EQ(::kill(node_of(sut.ps(), "speed_pid").at("pid").get<pid_t>(), SIGKILL), 0);

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(
      run->err().find("'speed_pid' killed by SIGKILL (Killed); lockstep does not go on without it"),
      std::string::npos)
      << run->err();
}

TEST(Lockstep, WaitsForAToolThatStandsStillAndEndsWithoutItWhenToldTo) {
  Instance sut;
  auto echo = sut.start("echo", {"motor.speed", "--csv", "--wait", "20s"});
  auto run = sut.run(shipped_graph("motor_speed.yaml"),
                     {"--clock", "lockstep", "--await-taps", "1", "--json"});
  ASSERT_TRUE(sut.runs()) << run->err();

  echo->signal(SIGSTOP);
  double last = -1.0;
  for (int same = 0; same < 50 && !run->ended(); ++same) {  // Until its pipes are full.
    const double now = sut.ps().at("elapsed_s").get<double>();
    if (now != last) same = 0;
    last = now;
  }
  run->signal(SIGINT);

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(summary_of(*run).at("reason"), "stopped by a signal");
}

TEST(Lockstep, EndsWithItsSupervisor) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--clock", "lockstep"});
  ASSERT_TRUE(sut.runs()) << run->err();
  const auto pids = children_of(run->pid());

  run->signal(SIGKILL);

  EXPECT_GE(seconds_until_gone(pids), 0.0);
}

TEST(Lockstep, EndsANodeThatDoesNotReturnFromItsStepWhenItIsToldTo) {
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: stuck
clock: lockstep
libraries: [takt_integration_nodes]
nodes:
  sensor: {type: test/faulty, period: 1ms, watchdog: 200ms, params: {step: spin, at: 5}}
)");

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("node 'sensor' has been in one step for more than 0.2 s"),
            std::string::npos)
      << run->err();
}

// A sensor that is done after its sixth step, at 5 ms, and an actuator behind it.
std::string sensor_that_ends(const std::string& release_of_drive) {
  return format(R"(takt: 1
graph: ends
clock: lockstep
libraries: [takt_nodes, takt_integration_nodes]
nodes:
  sensor: {{type: test/faulty, period: 1ms, params: {{step: done, at: 5}}}}
  drive:
    type: actuator/limiter
    {}
    safe: {{output: -1}}
    inputs: {{command: {{from: sensor.out, max_age: 2500us}}}}
)",
                release_of_drive);
}

TEST(Lockstep, GoesOnWithoutANodeThatIsDone) {
  const Recording sut = record(sensor_that_ends("period: 1ms"), "drive.output", "12ms");

  EXPECT_EQ(node_of(sut.summary, "sensor").at("cycles"), 6);
  EXPECT_EQ(node_of(sut.summary, "drive").at("cycles"), 8) << "until 2 ms after the last command";
  EXPECT_EQ(node_of(sut.summary, "drive").at("stale_steps"), 5);
  std::vector<double> values;
  const auto lines = lines_of(sut.out);
  for (std::size_t i = 1; i < lines.size(); ++i) values.push_back(cells_of(lines[i]).at(2));
  EXPECT_EQ(values, (std::vector<double>{1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1}))
      << "the last one when it stops";
}

// A time-out of a node that waits for data is an instant of its own.
TEST(Lockstep, LetsAnInputTurnStaleAtItsExactInstant) {
  const Recording sut = record(sensor_that_ends("on: command"), "drive.output", "8ms");

  const auto lines = lines_of(sut.out);
  ASSERT_GT(lines.size(), 7U);
  EXPECT_EQ(lines[6].substr(0, 11), "0.005000000") << sut.out;
  EXPECT_EQ(lines[7].substr(0, 11), "0.007500001") << "one nanosecond after its age limit";
  EXPECT_EQ(cells_of(lines[7]).at(2), -1.0);
}

TEST(Lockstep, RefusesWhatHasNoInstantInLogicalTime) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--clock", "lockstep", "--speed", "1"});
  ASSERT_TRUE(sut.runs()) << run->err();

  for (const auto& [verb, more] :
       {std::pair{"restart", std::vector<std::string>{"motor"}},
        std::pair{"inject", std::vector<std::string>{"kill", "motor"}}}) {
    auto asked = sut.start(verb, more);
    EXPECT_EQ(asked->wait(), 1);
    EXPECT_NE(asked->err().find("not in lockstep"), std::string::npos) << asked->err();
  }
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  auto hurried = sut.run(shipped_graph("motor_speed.yaml"), {"--speed", "2"});
  EXPECT_EQ(hurried->wait(), 2);
  EXPECT_NE(hurried->err().find("--speed is for lockstep"), std::string::npos) << hurried->err();
  for (const char* speed : {"fast", "0", "-1", "2x", "inf"}) {
    auto wrong =
        sut.run(shipped_graph("motor_speed.yaml"), {"--clock", "lockstep", "--speed", speed});
    EXPECT_EQ(wrong->wait(), 2) << speed;
    EXPECT_NE(wrong->err().find(format("'{}' is no speed", speed)), std::string::npos)
        << wrong->err();
  }
}

TEST(Lockstep, OfTheCommandLineBeatsTheGraphs) {
  Instance sut;
  const std::string file = sut.folder().write("free.yaml", R"(takt: 1
graph: free
clock: lockstep
libraries: [takt_integration_nodes]
nodes:
  sensor: {type: test/faulty, run: free}
)");
  const std::vector<std::string> environment{"TAKT_NODE_PATH=" + test_nodes_folder()};

  EXPECT_EQ(takt({"check", file}, {.environment = environment})->wait(), 1);
  EXPECT_EQ(takt({"check", file, "--clock", "realtime"}, {.environment = environment})->wait(), 0);
}

}  // namespace
}  // namespace takt::test
