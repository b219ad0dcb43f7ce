// A suspend of the machine while a graph runs, as its clocks show it. A real one is tested on the
// board (tests/board/suspend.py), whose CLOCK_MONOTONIC does not stand still meanwhile.
#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

TEST(ASuspend, DisarmsTheGraphUntilSomebodyArmsIt) {
  Instance sut;
  const std::string ahead = sut.folder().write("ahead", "0");
  auto run =
      sut.run(shipped_graph("motor_speed.yaml"), {"--json"},
              {.environment = {"LD_PRELOAD=" TAKT_BOOTTIME_SHIM, "TAKT_TEST_BOOTTIME=" + ahead}});
  ASSERT_TRUE(sut.runs()) << run->err();
  ASSERT_EQ(sut.ps().at("armed"), true);

  sut.folder().write("ahead", "3000000000");

  ASSERT_TRUE(run->says("the machine was suspended for 3 s")) << run->err();
  const Json suspended = sut.ps();
  EXPECT_EQ(suspended.at("armed"), false);
  EXPECT_NE(suspended.at("safe_reason").get<std::string>().find("suspended for 3 s"),
            std::string::npos)
      << suspended.at("safe_reason");
  Json now = suspended;
  while (node_of(now, "drive").at("disarmed") < 20 && !run->ended()) now = sut.ps();
  EXPECT_EQ(sut.start("arm")->wait(), 0);
  EXPECT_EQ(sut.ps().at("armed"), true);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

}  // namespace
}  // namespace takt::test
