#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

int stale_steps_of_drive(const Json& summary) {
  return node_of(summary, "drive").at("stale_steps").get<int>();
}

// reference -> speed_pid -> drive -> motor -> speed_pid; the controller stands still for a while.
TEST(AControllerThatStandsStill, MakesTheDriveSafeUntilItGoesOn) {
  Instance sut;
  auto echo = sut.start("echo", {"drive.output", "--csv", "--wait", "20s"});
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--await-taps", "1", "--json"});
  ASSERT_TRUE(sut.runs());
  while (sut.ps().at("elapsed_s").get<double>() < 1.2 && !run->ended()) {
  }  // The reference has stepped: the drive's voltage is not 0.
  const pid_t controller = node_of(sut.ps(), "speed_pid").at("pid").get<pid_t>();

  ASSERT_EQ(::kill(controller, SIGSTOP), 0);
  // Counted from here: a machine that stands still has made steps stale before.
  Json stopped = sut.ps();
  const int stale_before = stale_steps_of_drive(stopped);
  while (stale_steps_of_drive(stopped) < stale_before + 30 && !run->ended()) stopped = sut.ps();
  ASSERT_EQ(::kill(controller, SIGCONT), 0);
  const auto before = node_of(stopped, "drive").at("cycles").get<int>();
  Json again = sut.ps();
  while (node_of(again, "drive").at("cycles") < before + 200 && !run->ended()) again = sut.ps();

  EXPECT_EQ(node_of(stopped, "drive").at("state"), "safe");
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  // Commands, then at least 20 times 0 V in a row, then commands again.
  std::size_t zeros = 0, longest = 0, after = 0;
  const auto lines = lines_of(echo->out());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const double volts = cells_of(lines[i]).at(2);
    if (cells_of(lines[i]).at(0) < 1.1) continue;
    zeros = volts == 0.0 ? zeros + 1 : 0;
    longest = std::max(longest, zeros);
    if (longest >= 20 && volts != 0.0) ++after;
  }
  EXPECT_GE(longest, 20U);
  EXPECT_GT(after, 100U);
  EXPECT_EQ(cells_of(lines.back()).at(2), 0.0) << "the end is safe, too";
}

}  // namespace
}  // namespace takt::test
