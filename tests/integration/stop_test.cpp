#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

// A node that never comes back from a step, in an ordinary class so that it starves nobody.
constexpr const char* kStuck = R"(takt: 1
graph: stuck
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {policy: other}
nodes:
  stuck: {type: test/faulty, period: 10ms, params: {step: spin, at: 3}}
  fine: {type: test/faulty, period: 10ms}
)";

std::string socket_of(const Instance& instance) { return "/run/takt/" + instance.name() + ".sock"; }

// Waits, because other tests come and go on this machine.
void expect_nothing_left(const std::vector<pid_t>& pids, const std::set<std::string>& before,
                         const Instance& instance) {
  for (const pid_t pid : pids) EXPECT_TRUE(is_gone(pid)) << pid;
  EXPECT_FALSE(std::filesystem::exists(socket_of(instance)));
  std::set<std::string> left;
  for (int look = 0; look < 500; ++look) {
    left.clear();
    for (const std::string& name : names_on_this_machine()) {
      if (!before.contains(name)) left.insert(name);
    }
    if (left.empty()) return;
    ::usleep(10'000);
  }
  for (const std::string& name : left) ADD_FAILURE() << "left behind: " << name;
}

TEST(Stop, CtrlCEndsWellAndLeavesNothing) {
  const auto before = names_on_this_machine();
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {}, {.terminal = true});
  ASSERT_TRUE(run->says("4 of 4 nodes")) << "the live line of somebody who watches";
  const auto pids = children_of(run->pid());
  EXPECT_EQ(pids.size(), 5U);

  run->type("\x03");

  EXPECT_EQ(run->wait(), 0);
  EXPECT_NE(run->out().find("speed_pid"), std::string::npos) << run->out();
  EXPECT_NE(run->out().find("stopped"), std::string::npos) << run->out();
  expect_nothing_left(pids, before, sut);
}

TEST(Stop, SecondCtrlCKills) {
  const auto before = names_on_this_machine();
  Instance sut;
  auto run = sut.run(kStuck, {}, {.terminal = true});
  ASSERT_TRUE(run->says("2 of 2 nodes"));
  const auto pids = children_of(run->pid());
  const pid_t fine = sut.ps().at("nodes").at(1).at("pid").get<pid_t>();

  run->type("\x03");
  seconds_until_gone({fine});  // The first one is under way: who can, has left.
  run->type("\x03");

  EXPECT_EQ(run->wait(), 130);
  EXPECT_NE(run->out().find("interrupted twice"), std::string::npos) << run->out();
  expect_nothing_left(pids, before, sut);
}

TEST(Stop, KillsANodeThatDoesNotLeave) {
  Instance sut;
  auto run = sut.run(kStuck, {"--for", "300ms", "--json"});

  EXPECT_EQ(run->wait(), 1) << "a node ended failed";
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("result"), "failed");
  EXPECT_EQ(node_of(summary, "stuck").at("state"), "failed");
  EXPECT_EQ(node_of(summary, "fine").at("state"), "stopped");
  EXPECT_NE(run->err().find("'stuck' does not leave and is killed"), std::string::npos)
      << run->err();
}

TEST(Stop, SigtermIsLikeCtrlC) {
  const auto before = names_on_this_machine();
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--json"});
  ASSERT_TRUE(sut.runs());
  const auto pids = children_of(run->pid());

  run->signal(SIGTERM);

  EXPECT_EQ(run->wait(), 0);
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("result"), "ok");
  for (const Json& node : summary.at("nodes")) EXPECT_EQ(node.at("state"), "stopped");
  expect_nothing_left(pids, before, sut);
}

TEST(Stop, TheVerbReturnsAfterTheEnd) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--json"});
  ASSERT_TRUE(sut.runs());
  const auto pids = children_of(run->pid());

  auto stop = sut.start("stop");

  EXPECT_EQ(stop->wait(), 0) << stop->err();
  for (const pid_t pid : pids) EXPECT_TRUE(is_gone(pid)) << pid;
  EXPECT_EQ(run->wait(), 0);
  EXPECT_EQ(summary_of(*run).at("reason"), "stopped by `takt stop`");
}

TEST(Stop, CtrlCWhileStartingLeavesNothing) {
  const auto before = names_on_this_machine();
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: hanging
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  hanging: {type: test/faulty, period: 10ms, params: {configure: hang}}
)",
                     {"--json"}, {});
  auto pids = children_of(run->pid());
  while (pids.size() < 2 && !run->ended()) pids = children_of(run->pid());

  run->signal(SIGINT);

  EXPECT_EQ(run->wait(), 0) << run->err();
  expect_nothing_left(pids, before, sut);
}

}  // namespace
}  // namespace takt::test
