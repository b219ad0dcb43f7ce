// Nothing moves by accident: what a device receives while nobody has armed the graph, after its
// controller or its owner has died, and after somebody armed it again. Judged at the far end.
//
//   set_point (5, every 5 ms) --> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

// A graph with a device starts disarmed by itself.
std::string graph_for(const observer::Port& device) {
  return wire_graph(device, "defaults: {restart: on_failure}\n");
}

// "s", "sc", "scs" ...: safe and commanded, in the order of arrival.
std::string course(const std::vector<Seen>& seen) {
  std::string course;
  for (const Seen& one : seen) {
    const char c = one.value == kCommand ? 'c' : one.value == kSafe ? 's' : '?';
    if (course.empty() || course.back() != c) course += c;
  }
  return course;
}

struct Wire : testing::Test {
  observer::Port device;
  Instance sut;
  std::unique_ptr<Child> run = sut.run(graph_for(device), {"--json"});

  bool is_commanded_after(std::uint32_t incarnation) {
    return device.sees(
        [&](const Seen& one) { return one.incarnation >= incarnation && one.value == kCommand; });
  }
  // `takt arm`, as often as it is refused because the inputs have not come yet.
  bool arm() {
    for (int i = 0; i < 200; ++i) {
      if (sut.start("arm")->wait() == 0) return true;
    }
    return false;
  }
};

TEST_F(Wire, CarriesOnlyTheSafeValueUntilSomebodyArms) {
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();
  // The controller sends its command all the time.
  ASSERT_TRUE(device.sees([](const Seen& one) { return one.sequence > 50; }));
  EXPECT_EQ(course(device.seen()), "s");

  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(is_commanded_after(1));
  EXPECT_EQ(sut.start("disarm")->wait(), 0);
  const auto at = device.seen().back().sequence;
  ASSERT_TRUE(
      device.sees([&](const Seen& one) { return one.sequence > at + 20 && one.value == kSafe; }));
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(course(device.all()), "scs");
}

TEST_F(Wire, StaysSafeAfterItsControllerDiedAndCameBack) {
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(is_commanded_after(1));
  ASSERT_EQ(sut.start("inject", {"stop", "set_point"})->wait(), 0);
  ASSERT_TRUE(run->says("went safe")) << run->err();
  ASSERT_EQ(sut.start("inject", {"kill", "set_point"})->wait(), 0);
  ASSERT_TRUE(run->says("'set_point' is back")) << run->err();
  const auto at = device.seen().back().sequence;
  ASSERT_TRUE(device.sees([&](const Seen& one) { return one.sequence > at + 50; }));
  EXPECT_EQ(course(device.seen()), "scs") << "a fresh command alone moves nothing";

  EXPECT_TRUE(arm()) << run->err();
  ASSERT_TRUE(
      device.sees([&](const Seen& one) { return one.sequence > at && one.value == kCommand; }));
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(course(device.all()), "scscs");
}

// The owner of the output dies: somebody else makes the device safe, before any restart.
TEST_F(Wire, IsMadeSafeByTheLastWillWhenItsOwnerDies) {
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(is_commanded_after(1));

  ASSERT_EQ(sut.start("inject", {"kill", "valve"})->wait(), 0);

  ASSERT_TRUE(run->says("last will of 'valve': its device was driven")) << run->err();
  ASSERT_TRUE(run->says("'valve' is back")) << run->err();
  ASSERT_TRUE(
      device.sees([&](const Seen& one) { return one.incarnation == 2 && one.sequence > 20; }));
  EXPECT_EQ(course(device.seen()), "scs") << "its restart moves nothing";

  EXPECT_TRUE(arm()) << run->err();
  EXPECT_TRUE(is_commanded_after(2));
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  const auto seen = device.all();
  EXPECT_EQ(course(seen), "scscs");
  // Between the last command of the first life and the first datagram of the second lies the will.
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (seen[i].incarnation == 2) {
      EXPECT_EQ(seen[i - 1].value, kSafe);
      break;
    }
  }
}

// Also when the graph is stopping: an owner that stands still is killed, its device made safe.
TEST_F(Wire, IsMadeSafeByTheLastWillWhenItsOwnerDoesNotLeave) {
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();
  ASSERT_TRUE(arm()) << run->err();
  ASSERT_TRUE(is_commanded_after(1));
  ASSERT_EQ(sut.start("inject", {"stop", "valve"})->wait(), 0);

  run->signal(SIGINT);

  EXPECT_EQ(run->wait(), 1) << run->err();
  EXPECT_EQ(course(device.all()), "scs");
}

}  // namespace
}  // namespace takt::test
