#include <chrono>
#include <csignal>
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

// The goal is 1 s; the host of the suite may stand still for longer than a margin would allow.
constexpr double kGoneSecondsMax = 5.0;

TEST(KilledSupervisor, LeavesNoProcessOfTheGraph) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(sut.runs());
  const auto pids = children_of(run->pid());
  ASSERT_EQ(pids.size(), 5U);

  run->signal(SIGKILL);

  const double seconds = seconds_until_gone(pids);
  std::printf("the graph was gone %.0f ms after its supervisor (goal 1000 ms)\n", seconds * 1e3);
  EXPECT_LT(seconds, kGoneSecondsMax);
  EXPECT_EQ(run->wait(), 1000 + SIGKILL);
}

// Its processes are joining the transport then, whose other end dies with it.
TEST(KilledSupervisor, LeavesNoProcessWhenItDiesWhileTheGraphStarts) {
  for (int i = 0; i < 8; ++i) {
    Instance sut;
    auto run = sut.run(shipped_graph("motor_speed.yaml"));
    while (children_of(run->pid()).size() < 5 && !run->ended()) {
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(3 * i);
    while (std::chrono::steady_clock::now() < until) {  // Another moment of it in every round.
    }
    run->signal(SIGSTOP);
    const auto pids = children_of(run->pid());

    run->signal(SIGKILL);

    EXPECT_LT(seconds_until_gone(pids), kGoneSecondsMax) << "round " << i;
    run->wait();
  }
}

TEST(KilledSupervisor, TakesAlongANodeThatIsStuckInAStep) {
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: stuck
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  stuck: {type: test/faulty, period: 10ms, policy: other, params: {step: spin, at: 3}}
)");
  ASSERT_TRUE(sut.runs());
  // Three steps have ended, the fourth never does.
  for (Json live = sut.ps(); live.at("elapsed_s") < 0.3 || live.at("nodes").at(0).at("cycles") < 3;
       live = sut.ps()) {
  }
  const auto pids = children_of(run->pid());

  run->signal(SIGKILL);

  const double seconds = seconds_until_gone(pids);
  std::printf("a stuck node was gone %.0f ms after its supervisor (goal 1000 ms)\n", seconds * 1e3);
  EXPECT_LT(seconds, kGoneSecondsMax);
}

TEST(KilledSupervisor, DoesNotKeepTheNextRunFromStarting) {
  Instance sut;
  auto killed = sut.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(sut.runs());
  killed->signal(SIGKILL);
  killed->wait();

  auto next = sut.run(shipped_graph("motor_speed.yaml"), {"--for", "300ms", "--json"});

  EXPECT_EQ(next->wait(), 0) << next->err();
  EXPECT_EQ(summary_of(*next).at("result"), "ok");
}

TEST(KilledSupervisor, IsNoRunningInstance) {
  Instance sut;
  auto killed = sut.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(sut.runs());
  const auto pids = children_of(killed->pid());
  killed->signal(SIGKILL);
  killed->wait();
  seconds_until_gone(pids);
  EXPECT_EQ(sockets_of(sut.name()), std::vector<std::string>()) << "the tap removes them";

  auto ps = sut.start("ps");

  EXPECT_EQ(ps->wait(), 2);
  EXPECT_NE(ps->err().find("no instance '" + sut.name() + "' is running"), std::string::npos)
      << ps->err();
}

}  // namespace
}  // namespace takt::test
