#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

//   faulty --> drive        The drive's safe output is -1, its command 5.
std::string graph_that_ends_with(const std::string& params) {
  return R"(takt: 1
graph: ends
real_time: best_effort
libraries: [takt_nodes, takt_integration_nodes]
nodes:
  faulty: {type: test/faulty, period: 5ms, params: {value: 5, )" +
         params + R"(}}
  drive:
    type: actuator/limiter
    on: command
    safe: {output: -1}
    inputs: {command: {from: faulty.out, max_age: 500ms, max_data_age: 1s, on_stale: safe}}
)";
}

// Runs it with the drive's output on record.
struct Recorded {
  explicit Recorded(const std::string& params) {
    echo = sut.start("echo", {"drive.output", "--csv", "--wait", "20s"});
    run = sut.run(graph_that_ends_with(params), {"--await-taps", "1", "--json"});
    status = run->wait();
    EXPECT_EQ(echo->wait(), 0) << echo->err();
    lines = lines_of(echo->out());
  }
  // The value of the last sample that the drive has sent.
  double last() const { return lines.size() < 2 ? 0.0 : cells_of(lines.back()).at(2); }
  double first() const { return lines.size() < 2 ? 0.0 : cells_of(lines.at(1)).at(2); }

  Instance sut;
  std::unique_ptr<Child> echo, run;
  std::vector<std::string> lines;
  int status = -1;
};

TEST(ANodeThatDies, EndsTheGraphSafely) {
  const Recorded sut("step: crash, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' killed by SIGSEGV"), std::string::npos)
      << sut.run->err();
  const Json summary = summary_of(*sut.run);
  EXPECT_EQ(summary.at("result"), "failed");
  EXPECT_EQ(node_of(summary, "faulty").at("state"), "failed");
  EXPECT_EQ(node_of(summary, "drive").at("state"), "stopped");
  EXPECT_EQ(sut.first(), 5.0);
  EXPECT_EQ(sut.last(), -1.0);
}

// A crash in a step publishes nothing: what the step had staged is not sent.
TEST(ANodeThatDies, SendsNothingOfItsLastStep) {
  const Recorded sut("step: crash, at: 60");

  EXPECT_EQ(by_name(node_of(summary_of(*sut.run), "faulty").at("outputs"), "out").at("published"),
            60);
}

TEST(ANodeThatExits, EndsTheGraphSafely) {
  const Recorded sut("step: exit, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' exited with status 7"), std::string::npos)
      << sut.run->err();
  EXPECT_EQ(sut.last(), -1.0);
}

TEST(ANodeThatFails, EndsTheGraphSafely) {
  const Recorded sut("step: failed, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' failed"), std::string::npos) << sut.run->err();
  EXPECT_EQ(node_of(summary_of(*sut.run), "faulty").at("state"), "failed");
  EXPECT_EQ(node_of(summary_of(*sut.run), "faulty").at("cycles"), 61);
  EXPECT_EQ(sut.last(), -1.0);
}

TEST(ANodeThatIsDone, EndsWell) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: done
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  one: {type: test/faulty, period: 5ms, params: {step: done, at: 9}}
  two: {type: test/faulty, period: 5ms, params: {step: done, at: 19}}
)",
                     {"--json"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("result"), "ok");
  EXPECT_EQ(summary.at("reason"), "every node has ended");
  EXPECT_EQ(node_of(summary, "one").at("cycles"), 10);
  EXPECT_EQ(node_of(summary, "two").at("cycles"), 20);
  EXPECT_EQ(node_of(summary, "two").at("state"), "stopped");
}

// A node that complains in every step is heard, and does not bury the rest.
TEST(ANodeThatLogs, IsHeardByNameLevelAndNumbersAndThrottled) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: talk
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  talker: {type: test/faulty, period: 1ms, params: {step: log, at: 4}}
)",
                     {"--for", "500ms"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  const std::string said = run->err();
  EXPECT_NE(said.find("[talker] info: configured"), std::string::npos) << said;
  EXPECT_NE(said.find("[talker] warning: step 4 of 4"), std::string::npos) << said;
  EXPECT_NE(said.find("more lines were not kept"), std::string::npos) << said;
}

// The tap serves tools alone: the graph does not need it.
TEST(ATapThatDies, LeavesTheGraphRunningAndComesBack) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed_10ms.yaml"), {"--json"});
  ASSERT_TRUE(sut.runs());
  for (const pid_t pid : children_of(run->pid())) {
    if (program_of(pid) == "takt-tap") ::kill(pid, SIGKILL);
  }
  ASSERT_TRUE(run->says("the tap killed by SIGKILL"));
  ASSERT_TRUE(run->says("'tap' is back"));
  const auto cycles = [&] { return node_of(sut.ps(), "motor").at("cycles").get<int>(); };
  const int before = cycles();
  while (cycles() < before + 100 && !testing::Test::HasFailure()) {
  }

  auto echo = sut.start("echo", {"motor.speed", "-n", "1"});
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

// What `check` promises of the memory is what `run` makes.
TEST(TheMemoryOfARun, IsWhatCheckSaid) {
  Instance sut;
  auto check = takt({"check", "--json", shipped_graph("motor_speed.yaml")});
  ASSERT_EQ(check->wait(), 0) << check->err();
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--for", "100ms", "--json"});
  ASSERT_EQ(run->wait(), 0) << run->err();

  const auto sizes = [](const Json& pools) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (const Json& pool : pools) found.emplace_back(pool.at("payload"), pool.at("count"));
    return found;
  };
  const auto promised = sizes(Json::parse(check->out()).at("memory").at("pools"));
  EXPECT_FALSE(promised.empty());
  EXPECT_EQ(promised, sizes(summary_of(*run).at("memory").at("pools")));
}

}  // namespace
}  // namespace takt::test
