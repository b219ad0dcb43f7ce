// A build against another iceoryx repairs nothing and says so: the caller restarts the graph.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/crash_points/rig.hpp"

namespace takt::test {
namespace {

TEST(HealingWithoutInternals, SaysThatItCannot) { EXPECT_FALSE(port::World::can_heal()); }

TEST(HealingWithoutInternals, AnswersEveryDeathWithNotProvable) {
  Rig rig({.writer_survives = false, .arms = false});
  const auto armed = rig.world().arm_healer({});
  ASSERT_FALSE(armed.ok());

  ASSERT_EQ(rig.start_victim("free", Stage::joined), "");
  rig.kill_victim();
  const port::HealReport report = rig.world().heal(rig.victim_name(), rig.victim().pid());

  EXPECT_FALSE(report.healed);
  EXPECT_EQ(report.reason, "this build does not know how to repair its version of iceoryx");
  EXPECT_TRUE(rig.world().probe(std::chrono::seconds(10)).ok()) << "the transport itself works";
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  ::alarm(50);
  if (!takt::test::enter_test_world()) return 1;
  return RUN_ALL_TESTS();
}
