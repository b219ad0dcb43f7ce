// Two instances joined by serial cables alone: a system with its controller, and a rig in place of
// the motor. What the devices get is judged by who listens to the cables and links nothing of takt.
//
//   rig.speed ~~speed cable~~> system: sensor --> pid --> drive ~~command cable~~> rig.command
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/support/hil.hpp"
#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/serial_cable.hpp"

namespace takt::test {
namespace {

using observer::Seen;

// The reference is 1 rad/s.
bool has_arrived(const Seen& one) { return std::abs(one.value - 1.0) < 1e-3; }
bool is_driven(const Seen& one) { return std::abs(one.value - 1.0) < 0.1; }
bool is_no_voltage(const Seen& one) { return one.value == 0.0; }

class SerialLoop : public testing::Test {
 protected:
  // `more`: of both graphs.
  void start(const Replacements& more = {}) {
    Replacements of_rig{{"/dev/ttyUSB0", command_cable_.second()},
                        {"/dev/ttyUSB1", speed_cable_.first()}};
    Replacements of_system{{"at: 1s", "at: 100ms"},
                           {"/dev/ttyUSB0", speed_cable_.second()},
                           {"/dev/ttyUSB1", command_cable_.first()}};
    of_rig.insert(of_rig.end(), more.begin(), more.end());
    of_system.insert(of_system.end(), more.begin(), more.end());
    rig_run_ = rig_.run(changed_graph("hil_motor_rig.yaml", of_rig), {"--json"});
    system_run_ = system_.run(changed_graph("hil_motor_system.yaml", of_system), {"--json"});
    ASSERT_TRUE(system_run_->says("the graph is disarmed")) << rig_run_->err();
  }
  // The speed arrives where it is wanted, and stays. What a host that stood still has disarmed is
  // armed again.
  bool closes(bool (*wanted)(const Seen&)) {
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
      if (!arm(system_)) return false;
      const std::size_t from = speed_cable_.seen().size();
      bool arrived = false;
      int looks = 0;
      observer::wait_until([&] {
        const auto speeds = speed_cable_.seen();
        arrived = speeds.size() >= from + std::size_t{kMany} &&
                  std::all_of(speeds.end() - kMany, speeds.end(), wanted);
        return arrived || (++looks % kLooksPerAsking == 0 && !system_.ps().at("armed").get<bool>());
      });
      if (arrived) return true;
      std::printf("attempt %d: the system went safe on its way\n", attempt);
    }
    return false;
  }
  // Every frame that `node` says it has sent is there, is a number, in order, and the first and the
  // last are safe. The kernel hands on by and by.
  static void expect_order(const observer::SerialCable& cable, const Child& run,
                           const std::string& node) {
    const Json summary = summary_of(run);
    const auto published =
        by_name(node_of(summary, node).at("outputs"), "applied").at("published").get<std::size_t>();
    EXPECT_TRUE(carries(cable, published + 1)) << "the topic, and the first safe value";
    const auto seen = cable.seen();
    ASSERT_EQ(seen.size(), published + 1);
    EXPECT_EQ(cable.bad(), 0);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      ASSERT_EQ(seen[i].magic, "TKT1");
      ASSERT_EQ(seen[i].size, 32U);
      ASSERT_EQ(seen[i].incarnation, 1U);
      ASSERT_EQ(seen[i].sequence, i) << "none is lost on the way";
      ASSERT_LE(seen[i].stamp_ns, seen[i].arrival_ns);
      ASSERT_GE(seen[i].stamp_ns, seen[i == 0 ? 0 : i - 1].stamp_ns);
    }
    EXPECT_EQ(seen.front().value, 0.0);
    EXPECT_EQ(seen.back().value, 0.0);
  }
  void stop() {
    EXPECT_EQ(system_.start("stop")->wait(), 0);
    EXPECT_EQ(system_run_->wait(), 0) << system_run_->err();
    EXPECT_EQ(rig_.start("stop")->wait(), 0);
    EXPECT_EQ(rig_run_->wait(), 0) << rig_run_->err();
  }
  // Waits until the cable has carried so many.
  static bool carries(const observer::SerialCable& cable, std::size_t count) {
    return observer::wait_until([&] { return cable.seen().size() >= count; });
  }
  static bool carries_more(const observer::SerialCable& cable, std::size_t count) {
    return carries(cable, cable.seen().size() + count);
  }

  static constexpr int kAttempts = 10;
  static constexpr std::ptrdiff_t kMany = 30;
  static constexpr int kLooksPerAsking = 200;  // About a second.
  Folder folder_;
  observer::SerialCable speed_cable_{folder_.path(), "speed"};
  observer::SerialCable command_cable_{folder_.path(), "command"};
  Instance system_, rig_;
  std::unique_ptr<Child> rig_run_, system_run_;
};

TEST_F(SerialLoop, ClosesAtOneKilohertzAndUsesNoBadFrame) {
  start();
  EXPECT_TRUE(carries(command_cable_, 100));
  const auto before = command_cable_.seen();
  EXPECT_TRUE(std::all_of(before.begin(), before.end(), is_no_voltage)) << "nobody has armed";
  ASSERT_TRUE(closes(has_arrived)) << system_run_->err();

  const std::size_t from = command_cable_.seen().size();
  speed_cable_.spoil(50);
  ASSERT_TRUE(observer::wait_until([&] { return speed_cable_.left_to_spoil() == 0; }));
  Json link;
  do {
    auto echo = system_.start("echo", {"speed.link", "--json", "-n", "1"});
    ASSERT_EQ(echo->wait(), 0) << echo->err();
    auto line = parse_json(echo->out());
    ASSERT_TRUE(line) << echo->out();
    link = line->at("data");
  } while (link.at("wrong") < 50);
  EXPECT_EQ(link.at("wrong"), 50) << link.dump();
  EXPECT_EQ(link.at("lost"), 50) << "the gaps that they leave: " << link.dump();
  ASSERT_TRUE(carries_more(command_cable_, 20));
  const auto commands = command_cable_.seen();
  for (std::size_t i = from; i < commands.size(); ++i) {
    EXPECT_TRUE(commands[i].value == 0.0 || std::abs(commands[i].value - 10.0) < 1.0)
        << "a speed that nobody had: " << commands[i].value;
  }

  stop();
  expect_order(command_cable_, *system_run_, "drive");
  expect_order(speed_cable_, *rig_run_, "speed");
}

TEST_F(SerialLoop, IsSafeWithItsSensorPulledAndStaysSoUntilSomebodyArms) {
  start({{"period: 1ms", "period: 10ms"}});
  ASSERT_TRUE(closes(has_arrived)) << system_run_->err();

  speed_cable_.pull();
  ASSERT_TRUE(command_cable_.settles(3, is_no_voltage)) << "stale input: safe";
  ASSERT_TRUE(system_run_->says("the line hung up")) << system_run_->err();

  speed_cable_.plug();
  ASSERT_TRUE(system_run_->says("the line is back"));
  const std::size_t from = command_cable_.seen().size();
  ASSERT_TRUE(carries_more(speed_cable_, 20)) << "the rig speaks again";
  ASSERT_TRUE(carries_more(command_cable_, 20));
  const auto commands = command_cable_.seen();
  EXPECT_TRUE(std::all_of(commands.begin() + static_cast<std::ptrdiff_t>(from), commands.end(),
                          is_no_voltage))
      << "a plug that is put back moves nothing";
  EXPECT_TRUE(closes(is_driven)) << "armed, it goes on";
  stop();
}

TEST_F(SerialLoop, LeavesADeviceToItsTimeOutAndComesBackSafe) {
  start({{"period: 1ms", "period: 10ms"}});
  ASSERT_TRUE(closes(is_driven)) << system_run_->err();

  command_cable_.pull();
  ASSERT_TRUE(system_run_->says("the line hung up")) << system_run_->err();
  // The rig's drive has the time-out of the real one.
  ASSERT_TRUE(speed_cable_.settles(20, [](const Seen& one) { return one.value < 0.1; }));

  const std::size_t from = command_cable_.seen().size();
  command_cable_.plug();
  ASSERT_TRUE(command_cable_.sees([](const Seen&) { return true; }, from));
  ASSERT_TRUE(carries_more(command_cable_, 20));
  const auto commands = command_cable_.seen();
  EXPECT_TRUE(std::all_of(commands.begin() + static_cast<std::ptrdiff_t>(from), commands.end(),
                          is_no_voltage))
      << "the controller asks for more, but a plug that is put back moves nothing";
  EXPECT_EQ(system_.start("disarm")->wait(), 0);
  EXPECT_TRUE(closes(is_driven)) << "disarmed and armed, it goes on";

  // And the death of the owner: the last will opens the line anew.
  const auto drive = node_of(system_.ps(), "drive").at("pid").get<pid_t>();
  ASSERT_EQ(::kill(drive, SIGKILL), 0);
  EXPECT_EQ(system_run_->wait(), 1) << "a node died";
  EXPECT_TRUE(command_cable_.settles(1, is_no_voltage)) << command_cable_.seen().back().value;
}

TEST(ASerialLine, ThatIsNotThereRefusesTheStartWithItsName) {
  Instance sut;
  auto run = sut.run(shipped_graph("hil_motor_system.yaml"));

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("cannot open the serial line /dev/ttyUSB"), std::string::npos)
      << run->err();
  EXPECT_NE(run->err().find("there is no such device"), std::string::npos) << run->err();
}

}  // namespace
}  // namespace takt::test
