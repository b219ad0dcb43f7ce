// `takt force`, judged at the far end of a wire.
//
//   set_point (5, every 5 ms) --> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

struct Force : testing::Test {
  observer::Port device;
  Instance sut;
  std::unique_ptr<Child> run = sut.run(wire_graph(device, "start: armed\n"), {"--json"});

  void SetUp() override { ASSERT_TRUE(receives(kCommand)) << run->err(); }
  bool receives(double value) {
    const auto seen = device.seen();
    const std::uint64_t at = seen.empty() ? 0 : seen.back().sequence;
    return device.sees([&](const Seen& one) { return one.sequence > at && one.value == value; });
  }
  // The command's exit code; what it said is in `words`.
  int force(const std::vector<std::string>& arguments) {
    auto command = sut.start("force", arguments);
    const int code = command->wait();
    words = command->err();
    return code;
  }
  std::string words;
};

TEST_F(Force, HoldsADeviceAtTheValueAndEndsByItself) {
  ASSERT_EQ(force({"valve.applied", "3", "--for", "700ms"}), 0) << words;

  ASSERT_TRUE(receives(3.0));
  EXPECT_EQ(sut.ps().at("forces").at(0).at("output"), "valve.applied");
  ASSERT_TRUE(receives(kCommand)) << "the command is gone since long, nobody has taken it back";
  ASSERT_TRUE(run->says("no longer forced: valve.applied (its time has passed)"));
  EXPECT_TRUE(sut.ps().at("forces").empty());
  EXPECT_TRUE(run->says("forced: valve.applied = 3 for 0.7 s"));
}

TEST_F(Force, EndsWithTheArming) {
  ASSERT_EQ(force({"valve.applied", "3", "--for", "5min"}), 0) << words;
  ASSERT_TRUE(receives(3.0));

  ASSERT_EQ(sut.start("disarm")->wait(), 0);
  ASSERT_TRUE(receives(kSafe));
  ASSERT_TRUE(run->says("no longer forced: valve.applied (the graph is disarmed)"));
  ASSERT_EQ(sut.start("arm")->wait(), 0);

  EXPECT_TRUE(receives(kCommand));
}

TEST_F(Force, ReachesTheDeviceThroughAControllersOutput) {
  ASSERT_EQ(force({"set_point.value", "4.5", "--for", "5min"}), 0) << words;

  EXPECT_TRUE(receives(4.5));
}

TEST_F(Force, IsRefusedInWords) {
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
    EXPECT_NE(force(arguments), 0);
    EXPECT_NE(words.find(why), std::string::npos) << words;
  };
  refused({"valv.applied", "3", "--for", "1s"}, "there is no node 'valv'; did you mean 'valve'?");
  refused({"valve.aplied", "3", "--for", "1s"}, "did you mean 'applied'?");
  refused({"valve.applied.x", "3", "--for", "1s"}, "Scalar has no field 'x'");
  refused({"valve", "3", "--for", "1s"}, "'valve' is no output");
  refused({"valve.applied", "open", "--for", "1s"}, "takes a number, not 'open'");
  refused({"valve.applied", "nan", "--for", "1s"}, "'valve.applied'");
  refused({"valve.applied", "3 V", "--for", "1s"}, "plain number");
  refused({"valve.applied", "3", "--for", "11min"}, "at most 10 min");
  refused({"valve.applied", "3"}, "--for is required");
  ASSERT_EQ(sut.start("disarm")->wait(), 0);
  refused({"valve.applied", "3", "--for", "1s"}, "the graph is disarmed");
  EXPECT_TRUE(receives(kSafe));
}

}  // namespace
}  // namespace takt::test
