// When an input is too old, and what the loop then does.
#include <gtest/gtest.h>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using Did = NodeHarness::Did;

// A relay on a grid of 1 ms whose `in` follows `policy`.
HarnessOptions limited(std::optional<std::chrono::nanoseconds> max_age,
                       std::optional<std::chrono::nanoseconds> max_data_age, OnStale policy) {
  return {.period = 1ms, .unconnected = {"extra"}, .adjust = [=](NodeConfig& config) {
            InputConfig& in = input_of(config, "in");
            in.max_age = max_age;
            in.max_data_age = max_data_age;
            in.on_stale = policy;
          }};
}

TEST(Freshness, ASampleOfExactlyMaxAgeIsFreshAndOneNanosecondLaterStale) {
  NodeHarness sut("loop/relay", limited(3ms, {}, OnStale::safe));
  sut.send("in", Scalar{1.0});

  EXPECT_EQ(sut.step(), Did::stepped);
  sut.advance(2ms);
  EXPECT_EQ(sut.step(), Did::stepped);  // 3 ms old.
  sut.send("in", Scalar{2.0});
  sut.advance(2ms + 1ns);
  EXPECT_EQ(sut.step(), Did::went_stale);

  EXPECT_EQ(node_of<Relay>(sut).steps, 2U);
  EXPECT_EQ(node_of<Relay>(sut).stale_calls, 1U);
  EXPECT_EQ(sut.status().counters.stale_steps.load(), 1U);
}

TEST(Freshness, ANewSampleEndsTheStalePath) {
  NodeHarness sut("loop/relay", limited(1ms, {}, OnStale::safe));
  sut.send("in", Scalar{1.0});
  sut.step();
  sut.advance(5ms);
  ASSERT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(static_cast<NodeState>(sut.status().state.load()), NodeState::safe);

  sut.send("in", Scalar{2.0});

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(static_cast<NodeState>(sut.status().state.load()), NodeState::running);
}

TEST(Freshness, CountsFromTheBarrierWhenNoSampleEverCame) {
  NodeHarness sut("loop/relay", limited(2ms, {}, OnStale::safe));

  EXPECT_EQ(sut.step(), Did::waited);
  EXPECT_EQ(sut.step(), Did::waited);
  EXPECT_EQ(sut.step(), Did::waited);  // 2 ms after the barrier: not older than max_age.
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(node_of<Relay>(sut).steps, 0U);
}

TEST(Freshness, DataAgeIsJudgedByTheOriginAndCountsFromTheBarrierToo) {
  NodeHarness sut("loop/relay", limited({}, 1ms, OnStale::safe));

  EXPECT_EQ(sut.step(), Did::waited);
  EXPECT_EQ(sut.step(), Did::waited);
  EXPECT_EQ(sut.step(), Did::went_stale);
  sut.send("in", Scalar{1.0});
  EXPECT_EQ(sut.step(), Did::stepped);  // Sent one period ago.
  EXPECT_EQ(sut.step(), Did::went_stale);
}

TEST(Freshness, HoldStepsOnAndTellsTheNode) {
  NodeHarness sut("loop/relay", limited(1ms, {}, OnStale::hold));
  sut.send("in", Scalar{7.0});
  sut.step();
  ASSERT_FALSE(node_of<Relay>(sut).was_stale);
  sut.advance(5ms);

  EXPECT_EQ(sut.step(), Did::stepped);

  EXPECT_TRUE(node_of<Relay>(sut).was_stale);
  EXPECT_FALSE(node_of<Relay>(sut).was_new);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 7.0);
  EXPECT_EQ(sut.status().inputs[0].stale.load(), 1U);
}

TEST(Freshness, HoldNeverStepsWithoutARequiredSample) {
  NodeHarness sut("loop/relay", limited(1ms, {}, OnStale::hold));

  for (int i = 0; i < 5; ++i) EXPECT_EQ(sut.step(), Did::waited);

  EXPECT_EQ(node_of<Relay>(sut).steps, 0U);
  EXPECT_EQ(sut.status().counters.waiting.load(), 5U);
}

TEST(Freshness, StopEndsTheLoopAsFailed) {
  NodeHarness sut("loop/relay", limited(1ms, {}, OnStale::stop));
  sut.send("in", Scalar{1.0});
  ASSERT_EQ(sut.step(), Did::stepped);
  sut.advance(5ms);

  EXPECT_EQ(sut.step(), Did::stopped);

  EXPECT_EQ(static_cast<NodeState>(sut.status().state.load()), NodeState::failed);
  EXPECT_EQ(static_cast<StopReason>(sut.status().reason.load()), StopReason::stale_input);
}

TEST(Freshness, AnInitialValueReleasesTheFirstStepUntilItIsTooOld) {
  auto options = limited(1ms, {}, OnStale::safe);
  options.adjust = [limits = options.adjust](NodeConfig& config) {
    limits(config);
    input_of(config, "in").initial = bytes_of({4.0});
  };
  NodeHarness sut("loop/relay", options);

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 4.0);
  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(sut.step(), Did::went_stale);
}

TEST(Freshness, ADataTriggeredNodeGoesStaleWithoutASample) {
  auto options = limited(3ms, {}, OnStale::safe);
  options.period = 0ms;
  NodeHarness sut("loop/relay", options);
  sut.send("in", Scalar{1.0});
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.step(), Did::waited);
  sut.advance(4ms);
  EXPECT_EQ(sut.step(), Did::went_stale);
}

}  // namespace
}  // namespace takt::test
