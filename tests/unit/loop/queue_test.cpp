// What a node sees of its queues.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Did = NodeHarness::Did;

HarnessOptions with_queue(std::uint32_t depth) {
  return {.unconnected = {"extra"}, .adjust = [=](NodeConfig& config) {
            input_of(config, "in").queue_depth = depth;
          }};
}

TEST(Queue, DeliversEverySampleInOrderOneAStep) {
  NodeHarness sut("loop/relay", with_queue(4));
  for (const double value : {1.0, 2.0, 3.0}) sut.send("in", Scalar{value});

  while (sut.step() == Did::stepped) {
  }

  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(1.0, 2.0, 3.0));
  EXPECT_EQ(sut.status().inputs[0].taken.load(), 3U);
  EXPECT_EQ(sut.status().inputs[0].lost.load(), 0U);
}

TEST(Queue, ThatOverflowsLosesTheOldestAndCountsThem) {
  NodeHarness sut("loop/relay", with_queue(2));
  for (const double value : {1.0, 2.0, 3.0, 4.0, 5.0}) sut.send("in", Scalar{value});

  while (sut.step() == Did::stepped) {
  }

  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(4.0, 5.0));
  EXPECT_EQ(sut.status().inputs[0].taken.load(), 2U);
  EXPECT_EQ(sut.status().inputs[0].lost.load(), 3U);
}

TEST(Latest, PassesOverAllButTheNewestAndCountsThemAsTaken) {
  NodeHarness sut("loop/relay", with_queue(0));
  for (const double value : {1.0, 2.0, 3.0}) sut.send("in", Scalar{value});

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(sut.step(), Did::waited);

  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(3.0));
  EXPECT_EQ(sut.status().inputs[0].taken.load(), 3U);
  EXPECT_EQ(sut.status().inputs[0].lost.load(), 0U);
}

TEST(Latest, KeepsItsSampleOnAGridAndMarksItNewOnce) {
  auto options = with_queue(0);
  options.period = 1ms;
  NodeHarness sut("loop/relay", options);
  sut.send("in", Scalar{1.0});

  sut.step();
  EXPECT_TRUE(node_of<Relay>(sut).was_new);
  sut.step();
  EXPECT_FALSE(node_of<Relay>(sut).was_new);

  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(1.0, 1.0));
}

}  // namespace
}  // namespace takt::test
