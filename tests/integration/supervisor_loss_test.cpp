// The supervisor dies while a device is driven: what `on_supervisor_loss` makes of it, judged at
// the far end of the wire. `safe`, the default, is in kill_test.cpp.
//
//   set_point (5, every 5 ms) --> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

// Longer than a node looks for its supervisor (0.5 s) and than one that hangs is left alone (0.8
// s).
constexpr std::uint64_t kLongAfter = 400;  // Samples of 5 ms.

class Orphans : public testing::Test {
 protected:
  ~Orphans() override {
    for (const pid_t node : nodes) ::kill(node, SIGKILL);
  }
  // Armed and driven; then the supervisor is killed.
  void lose_supervisor(const std::string& words) {
    run = sut.run(
        wire_graph(device, "start: armed\nrearm: manual\non_supervisor_loss: " + words + "\n"));
    ASSERT_TRUE(device.sees([](const Seen& one) { return one.value == kCommand; })) << run->err();
    const Json summary = sut.ps();
    for (const char* name : {"set_point", "valve"}) {
      nodes.push_back(node_of(summary, name).at("pid").get<pid_t>());
    }
    lost_at = device.seen().back().sequence;
    run->signal(SIGKILL);
    EXPECT_EQ(run->wait(), 1000 + SIGKILL);
  }
  bool is_driven_long_after() {
    return device.sees([&](const Seen& one) {
      return one.sequence > lost_at + kLongAfter && one.value == kCommand;
    });
  }
  bool becomes_safe() {
    return device.sees(
        [&](const Seen& one) { return one.sequence > lost_at && one.value == kSafe; });
  }
  // Nothing but the safe value after the first one of those that came since the loss.
  void expect_no_command_after_the_safe_value() {
    bool safe = false;
    for (const Seen& one : device.all()) {
      if (one.sequence <= lost_at) continue;
      safe = safe || one.value == kSafe;
      EXPECT_EQ(one.value, safe ? kSafe : kCommand) << one.sequence;
    }
    EXPECT_TRUE(safe);
  }

  observer::Port device;
  Instance sut;
  std::unique_ptr<Child> run;
  std::vector<pid_t> nodes;  // set_point, valve
  std::uint64_t lost_at = 0;
};

TEST_F(Orphans, GoOnWhenTheGraphSaysContinueAndStillJudgeTheAgeOfTheirInputs) {
  ASSERT_NO_FATAL_FAILURE(lose_supervisor("continue"));
  EXPECT_TRUE(is_driven_long_after());

  ::kill(nodes[0], SIGKILL);

  EXPECT_TRUE(becomes_safe());
  EXPECT_FALSE(is_gone(nodes[1])) << "until somebody ends it";
  expect_no_command_after_the_safe_value();
}

TEST_F(Orphans, GoOnUntilAnInputIsStaleWhenTheGraphSaysFinish) {
  ASSERT_NO_FATAL_FAILURE(lose_supervisor("finish"));
  EXPECT_TRUE(is_driven_long_after());
  EXPECT_FALSE(is_gone(nodes[1]));

  ::kill(nodes[0], SIGKILL);

  EXPECT_TRUE(becomes_safe());
  EXPECT_GE(seconds_until_gone(nodes), 0.0) << "the safe value is its last act";
  expect_no_command_after_the_safe_value();
}

TEST_F(Orphans, AreSafeAndGoneWhenTheGraphSaysSafe) {
  ASSERT_NO_FATAL_FAILURE(lose_supervisor("safe"));

  EXPECT_TRUE(becomes_safe());
  EXPECT_GE(seconds_until_gone(nodes), 0.0);
  expect_no_command_after_the_safe_value();
}

}  // namespace
}  // namespace takt::test
