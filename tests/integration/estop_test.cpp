// The emergency stop, from a button at one end of a wire to a device at the end of another. What
// the device receives is judged there.
//
//   button ~~UDP~~> panel (sensor/udp, every 5 ms) --estop--+
//   set_point (5, every 5 ms) --command--> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#include <csignal>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/sender.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

constexpr double kReleased = 1.0;
constexpr double kPressed = 0.0;

std::string estop_graph(const observer::Port& device, std::uint16_t panel,
                        const std::string& more) {
  return wire_graph(device, "estop: {from: panel.value, released: 1, max_age: 1s}\n" + more) +
         format("  panel: {{type: sensor/udp, period: 5ms, params: {{port: {}}}}}\n", panel);
}

struct Button : testing::Test {
  observer::Port device;
  observer::Sender panel{kPressed};
  Instance sut;
  std::unique_ptr<Child> run;

  void start(const std::string& more = "") {
    run = sut.run(estop_graph(device, panel.port(), more), {"--json"});
    ASSERT_TRUE(device.sees([](const Seen& one) { return one.sequence > 10; })) << run->err();
  }
  bool device_gets(double value) {
    const std::uint64_t at = device.seen().back().sequence;
    return device.sees([&](const Seen& one) { return one.sequence > at && one.value == value; });
  }
  // Nothing but the safe value among the next datagrams.
  bool device_stays_safe() {
    const std::uint64_t at = device.seen().back().sequence;
    if (!device.sees([&](const Seen& one) { return one.sequence > at + 50; })) return false;
    for (const Seen& one : device.seen()) {
      if (one.sequence > at && one.value != kSafe) return false;
    }
    return true;
  }
  bool shows(const std::string& state, const std::string& or_state = "") {
    for (int i = 0; i < 500; ++i) {
      const Json shown = sut.ps().at("estop").at("state");
      if (shown == state || shown == or_state) return true;
    }
    return false;
  }
  // `takt arm`, as often as it is refused for another reason than the emergency stop.
  bool arm() {
    for (int i = 0; i < 200; ++i) {
      if (sut.start("arm")->wait() == 0) return true;
    }
    return false;
  }
};

TEST_F(Button, ThatIsPressedRefusesToBeArmed) {
  start();
  ASSERT_TRUE(shows("pressed"));

  auto arm = sut.start("arm");

  EXPECT_EQ(arm->wait(), 1);
  EXPECT_NE(arm->err().find("the emergency stop 'panel.value' is pressed"), std::string::npos)
      << arm->err();
  EXPECT_TRUE(device_stays_safe());
}

TEST_F(Button, LatchesAndItsReleaseMovesNothing) {
  start();
  panel.says(kReleased);
  ASSERT_TRUE(shows("released"));
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(device_gets(kCommand)) << run->err();

  panel.says(kPressed);
  ASSERT_TRUE(device_gets(kSafe)) << run->err();
  ASSERT_TRUE(run->says("the emergency stop was pressed")) << run->err();
  EXPECT_TRUE(shows("pressed"));
  EXPECT_EQ(sut.ps().at("state"), "safe");
  EXPECT_EQ(sut.ps().at("armed"), false);

  panel.says(kReleased);
  ASSERT_TRUE(shows("latched"));
  EXPECT_TRUE(device_stays_safe()) << "release alone moves nothing";

  ASSERT_TRUE(arm()) << run->err();
  EXPECT_TRUE(device_gets(kCommand)) << run->err();
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(device.all().back().value, kSafe);
}

TEST_F(Button, ThatFallsSilentStopsAndLatchesTooAlsoUnderRearmAuto) {
  start("start: armed\nrearm: auto\n");
  panel.says(kReleased);
  // It may have been judged pressed before the first word of release.
  ASSERT_TRUE(shows("released", "latched"));
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(device_gets(kCommand)) << run->err();

  panel.falls_silent();
  ASSERT_TRUE(device_gets(kSafe)) << run->err();
  auto refused = sut.start("arm");
  EXPECT_EQ(refused->wait(), 1);
  EXPECT_NE(refused->err().find("is silent"), std::string::npos) << refused->err();

  panel.says(kReleased);
  ASSERT_TRUE(shows("latched"));
  EXPECT_TRUE(device_stays_safe()) << "its return moves nothing";
}

// By the actuator itself: the supervisor stands still meanwhile, and may.
TEST_F(Button, StopsWithoutTheSupervisor) {
  start("supervisor_timeout: none\n");
  panel.says(kReleased);
  ASSERT_TRUE(shows("released"));
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(device_gets(kCommand)) << run->err();

  run->signal(SIGSTOP);
  panel.says(kPressed);
  EXPECT_TRUE(device_gets(kSafe));
  panel.says(kReleased);
  EXPECT_TRUE(device_stays_safe());
  run->signal(SIGCONT);
  ASSERT_TRUE(run->says("the emergency stop was pressed")) << run->err();
}

TEST_F(Button, WhoseNodeHangsStops) {
  start("defaults: {watchdog: none}\n");  // It may be stopped inside of a step.
  panel.says(kReleased);
  ASSERT_TRUE(shows("released"));
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(device_gets(kCommand)) << run->err();

  ASSERT_EQ(sut.start("inject", {"stop", "panel"})->wait(), 0);

  EXPECT_TRUE(device_gets(kSafe)) << run->err();
  EXPECT_TRUE(device_stays_safe());
}

}  // namespace
}  // namespace takt::test
