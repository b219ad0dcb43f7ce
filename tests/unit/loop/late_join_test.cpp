// A node that was started again joins a graph that runs.
#include <gtest/gtest.h>

#include "runtime/loop/drivers/grid.hpp"
#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

TEST(ANodeThatJoinsLate, CountsNothingAsLostThatWasSentBefore) {
  LoopRig rig;
  rig.incarnation = 2;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig&) {});
  sut.sequences["in"] = 5000;
  rig.send(sut, "in", 1.0, 0);
  rig.send(sut, "in", 1.0, 0);
  sut.sequences["in"] = 5005;
  rig.send(sut, "in", 1.0, 0);

  sut.loop->collect();

  EXPECT_EQ(sut.status->inputs[0].taken.load(), 3U);
  EXPECT_EQ(sut.status->inputs[0].lost.load(), 3U) << "only what is missing since it joined";
}

TEST(ANodeFromTheStart, CountsWhatItsQueueCouldNotHold) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig&) {});
  sut.sequences["in"] = 4;
  rig.send(sut, "in", 1.0, 0);

  sut.loop->collect();

  EXPECT_EQ(sut.status->inputs[0].lost.load(), 4U);
}

TEST(ANodeThatJoinsLate, IsGivenItsAgeLimitFromThenOn) {
  LoopRig rig;
  rig.clock.set(100s);
  rig.incarnation = 2;
  LoopRig::Part& sut =
      rig.add("loop/relay", [](NodeConfig& config) { input_of(config, "in").max_age = 3ms; });

  EXPECT_FALSE(sut.loop->any_stale(rig.clock.now().count() + 1'000'000));
  EXPECT_TRUE(sut.loop->any_stale(rig.clock.now().count() + 4'000'000));
}

TEST(AGridThatIsJoinedLate, GoesOnAtTheNextPointWithoutSkippedOnes) {
  loop::Grid sut(1000, 100);

  sut.begin_at(2345);

  EXPECT_EQ(sut.next(), 2400);
  const auto point = sut.take(2400);
  EXPECT_EQ(point.time, 2400);
  EXPECT_EQ(point.skipped, 0U);
}

TEST(AGridThatIsJoinedLate, KeepsAPointThatIsNow) {
  loop::Grid sut(1000, 100);

  sut.begin_at(2300);

  EXPECT_EQ(sut.next(), 2300);
}

}  // namespace
}  // namespace takt::test
