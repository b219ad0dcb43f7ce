// Life after death: a node that ends is healed and started again, and its peers go on.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

//   faulty --> drive        The drive's safe output is -1, its command 5.
std::string graph_with(const std::string& faulty, const std::string& more = "") {
  return R"(takt: 1
graph: restarts
real_time: best_effort
libraries: [takt_nodes, takt_integration_nodes]
)" + more +
         R"(nodes:
  faulty: {type: test/faulty, period: 2ms, )" +
         faulty + R"(}
  drive:
    type: actuator/limiter
    on: command
    safe: {output: -1}
    inputs: {command: {from: faulty.out, max_age: 20ms, max_data_age: 1s, on_stale: safe}}
)";
}

// Waits until `found` says so of the live summary; false at the watchdog, with a failure.
bool wait_for(Instance& sut, const std::function<bool(const Json&)>& found) {
  const auto until = std::chrono::steady_clock::now() + kWatchdog;
  while (std::chrono::steady_clock::now() < until) {
    const Json live = sut.ps();
    if (live.is_null()) return false;
    if (found(live)) return true;
  }
  ADD_FAILURE() << "the watchdog: " << sut.ps().dump(1);
  return false;
}

// It has been restarted `n` times and steps again, and so does what it feeds.
bool is_back(Instance& sut, int n) {
  int seen = -1;
  return wait_for(sut, [&](const Json& live) {
    const Json& drive = node_of(live, "drive");
    const bool back = live.at("state") != "degraded" &&
                      node_of(live, "faulty").at("restarts") >= n && drive.at("state") == "running";
    const int cycles = drive.at("cycles").get<int>();
    if (!back || seen < 0) seen = back ? cycles : -1;
    return back && cycles > seen;
  });
}

TEST(ANodeThatIsKilled, ComesBackAndItsReaderNeedsNoRestart) {
  Instance sut;
  auto run = sut.run(graph_with("restart: on_failure, params: {value: 5}"), {"--json"});
  ASSERT_TRUE(sut.runs());
  const int drive_pid = node_of(sut.ps(), "drive").at("pid").get<int>();

  for (int n = 1; n <= 3; ++n) {
    EXPECT_EQ(sut.start("inject", {"kill", "faulty"})->wait(), 0);
    ASSERT_TRUE(is_back(sut, n)) << run->err();
  }

  // While the graph stops its actuators end first: what is published then nobody takes.
  const Json before = node_of(sut.ps(), "faulty");
  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(node_of(summary, "faulty").at("restarts"), 3);
  EXPECT_EQ(node_of(summary, "drive").at("restarts"), 0);
  EXPECT_EQ(node_of(summary, "drive").at("pid"), drive_pid);
  // Every sample of every incarnation is accounted for.
  const Json& command = by_name(node_of(summary, "drive").at("inputs"), "command");
  const Json& out = by_name(node_of(summary, "faulty").at("outputs"), "out");
  EXPECT_LE(command.at("taken").get<int>() + command.at("lost").get<int>(),
            out.at("published").get<int>());
  EXPECT_GE(command.at("taken").get<int>() + command.at("lost").get<int>(),
            by_name(before.at("outputs"), "out").at("published").get<int>() - 4);
}

TEST(AReaderThatIsKilled, ComesBackAndItsWriterNeedsNoRestart) {
  Instance sut;
  auto run =
      sut.run(graph_with("params: {value: 5}", "defaults: {restart: on_failure}\n"), {"--json"});
  ASSERT_TRUE(sut.runs());

  for (int n = 1; n <= 3; ++n) {
    EXPECT_EQ(sut.start("inject", {"kill", "drive"})->wait(), 0);
    ASSERT_TRUE(wait_for(sut, [&](const Json& live) {
      return node_of(live, "drive").at("restarts") >= n && live.at("state") == "running" &&
             node_of(live, "drive").at("state") == "running";
    })) << run->err();
  }

  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(node_of(summary_of(*run), "faulty").at("restarts"), 0);
}

TEST(ANodeThatCrashesAgainAndAgain, EndsTheGraphSafelyAtItsLimit) {
  Instance sut;
  auto run = sut.run(graph_with("restart: on_failure, backoff: 5ms, max_restarts: 3 in 60s, "
                                "params: {value: 5, step: crash, at: 20}"),
                     {"--json"});

  EXPECT_EQ(run->wait(), 1) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(node_of(summary, "faulty").at("restarts"), 3);
  EXPECT_EQ(node_of(summary, "faulty").at("cycles"), 80) << "20 steps in each of four lives";
  EXPECT_NE(summary.at("reason").get<std::string>().find("after 3 restarts"), std::string::npos);
  EXPECT_EQ(node_of(summary, "drive").at("state"), "stopped");
}

TEST(ANodeThatIsDone, IsStartedAgainOnlyWithRestartAlways) {
  Instance sut;
  auto run = sut.run(graph_with("restart: always, max_restarts: 2 in 60s, backoff: 5ms, "
                                "params: {value: 5, step: done, at: 4}"),
                     {"--json"});

  EXPECT_EQ(run->wait(), 1) << run->err();
  EXPECT_EQ(node_of(summary_of(*run), "faulty").at("cycles"), 15);
}

TEST(AStepThatNeverReturns, IsEndedByTheWatchdogAndTheNodeComesBack) {
  Instance sut;
  auto run = sut.run(
      graph_with("policy: other, watchdog: 200ms, restart: on_failure, max_restarts: 1 in 60s, "
                 "params: {value: 5, step: spin, at: 20}"),
      {"--json"});

  EXPECT_EQ(run->wait(), 1) << run->err();
  EXPECT_NE(run->err().find("in one step for more than 0.2 s"), std::string::npos) << run->err();
  EXPECT_EQ(node_of(summary_of(*run), "faulty").at("restarts"), 1);
}

// While the death of the last one is healed nobody is alive, and still the graph is not over.
TEST(AGraphWhoseNodesAreAllDead, GoesOnWhenTheyComeBack) {
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: alone
real_time: best_effort
libraries: [takt_nodes]
nodes:
  alone: {type: source/profile, period: 5ms, restart: on_failure,
    params: {shape: step, at: 0s, from: 0, to: 1}}
)",
                     {"--json"});
  ASSERT_TRUE(sut.runs());

  EXPECT_EQ(sut.start("inject", {"kill", "alone"})->wait(), 0);

  ASSERT_TRUE(run->says("node 'alone' is back")) << run->err();
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(node_of(summary_of(*run), "alone").at("restarts"), 1);
}

// The reader hangs above its writer on one CPU, in the instant in which the writer has woken it:
// the writer is in its step as well, for ever, and does not even die of a SIGKILL before the reader
// does.
TEST(AStepThatNeverReturns, DoesNotHangTheSupervisorWhenItStarvesAnotherNode) {
  Instance sut;
  const std::string orders = sut.folder().write("orders", std::string(4096, '\0'));
  auto run = sut.run(format(R"(takt: 1
graph: starved
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {{restart: on_failure, watchdog: 200ms}}
nodes:
  writer: {{type: test/hurt_source, period: 5ms, priority: 60, params: {{orders: {0}, index: 0}}}}
  reader:
    type: test/hurt_relay
    on: in
    priority: 61
    inputs: {{in: {{from: writer.out, max_age: 1s, on_stale: safe}}}}
    params: {{orders: {0}, index: 1}}
)",
                            orders),
                     {"--json"});
  ASSERT_TRUE(sut.runs());

  std::fstream file(orders, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4);
  file.put(3).flush();  // The reader's word: hang.

  int since = -1;
  ASSERT_TRUE(wait_for(sut, [&](const Json& live) {
    const Json& reader = node_of(live, "reader");
    if (reader.at("restarts") == 0 || live.at("state") != "running") return false;
    if (since < 0) since = reader.at("cycles").get<int>();
    return reader.at("cycles").get<int>() > since;
  })) << run->err();
  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

// What cannot be healed restarts the whole graph, in a new image of the same process, through the
// safe state - and not for ever.
TEST(ATransportThatIsBroken, RestartsTheWholeGraphUntilThatDoesNotHelp) {
  Instance sut;
  const auto before = names_on_this_machine();
  auto run = sut.run(graph_with("restart: on_failure, params: {value: 5, step: broken, at: 20}"),
                     {"--json"});
  const pid_t pid = run->pid();

  EXPECT_EQ(run->wait(), 1) << run->err();

  EXPECT_EQ(run->pid(), pid);
  EXPECT_NE(run->err().find("whole restart 5"), std::string::npos) << run->err();
  EXPECT_EQ(run->err().find("whole restart 6"), std::string::npos) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("graph_restarts"), 5);
  EXPECT_EQ(node_of(summary, "faulty").at("cycles"), 20) << "of the last life of the graph";
  EXPECT_EQ(names_on_this_machine(), before);
}

TEST(TaktRestart, RestartsANodeWithoutHoldingItAgainstIt) {
  Instance sut;
  auto run = sut.run(graph_with("params: {value: 5}"), {"--json"});
  ASSERT_TRUE(sut.runs());

  EXPECT_EQ(sut.start("restart", {"faulty"})->wait(), 0);
  ASSERT_TRUE(is_back(sut, 1)) << run->err();
  EXPECT_NE(sut.start("restart", {"nobody"})->wait(), 0);

  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

// Nothing moves by accident: not at the start, not after a safe state, not after a restart.
TEST(AGraphThatStartsDisarmed, KeepsItsActuatorsSafeUntilSomebodyArmsIt) {
  Instance sut;
  auto echo = sut.start("echo", {"drive.output", "--csv", "--wait", "20s"});
  auto run = sut.run(graph_with("restart: on_failure, params: {value: 5}", "start: disarmed\n"),
                     {"--await-taps", "1", "--json"});
  ASSERT_TRUE(run->says("the graph is disarmed"));
  ASSERT_TRUE(wait_for(sut, [](const Json& live) {
    return live.at("state") == "disarmed" && node_of(live, "drive").at("disarmed") > 20;
  })) << run->err();

  EXPECT_EQ(sut.start("arm")->wait(), 0) << run->err();
  ASSERT_TRUE(
      wait_for(sut, [](const Json& live) { return node_of(live, "drive").at("cycles") > 20; }));
  // It stands still until the drive has seen it: a restart alone may be faster than the age limit.
  sut.start("inject", {"stop", "faulty"})->wait();
  ASSERT_TRUE(wait_for(sut, [](const Json& live) { return live.at("state") == "safe"; }));
  sut.start("inject", {"kill", "faulty"})->wait();
  ASSERT_TRUE(wait_for(sut, [](const Json& live) {
    return live.at("state") == "safe" && node_of(live, "faulty").at("restarts") == 1 &&
           node_of(live, "faulty").at("cycles") > 100;
  })) << run->err();
  EXPECT_EQ(sut.ps().at("armed"), false);
  run->signal(SIGINT);

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0);
  // Safe, then commands, then safe to the end.
  const auto lines = lines_of(echo->out());
  std::string course;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string value = cells_of(lines[i]).at(2) == 5.0 ? "c" : "s";
    if (course.empty() || course.back() != value[0]) course += value;
  }
  EXPECT_EQ(course, "scs");
}

}  // namespace
}  // namespace takt::test
