// How a loop ends by itself, and what missed deadlines do.
#include <gtest/gtest.h>

#include "runtime/loop/miss_window.hpp"
#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using Did = NodeHarness::Did;

NodeState state_of(const NodeHarness& sut) {
  return static_cast<NodeState>(sut.status().state.load());
}
StopReason reason_of(const NodeHarness& sut) {
  return static_cast<StopReason>(sut.status().reason.load());
}

TEST(StepResult, DoneEndsTheNodeWellAfterItsLastOutput) {
  NodeHarness sut("loop/relay", {.unconnected = {"extra"}});
  node_of<Relay>(sut).answer = StepResult::done;
  sut.send("in", Scalar{1.0});

  EXPECT_EQ(sut.step(), Did::stopped);

  EXPECT_EQ(state_of(sut), NodeState::stopped);
  EXPECT_EQ(reason_of(sut), StopReason::done);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 1.0);
}

TEST(StepResult, FailedEndsTheNodeAsFailed) {
  NodeHarness sut("loop/relay", {.unconnected = {"extra"}});
  node_of<Relay>(sut).answer = StepResult::failed;
  sut.send("in", Scalar{1.0});

  EXPECT_EQ(sut.step(), Did::stopped);

  EXPECT_EQ(state_of(sut), NodeState::failed);
  EXPECT_EQ(reason_of(sut), StopReason::step_failed);
}

TEST(MissWindow, WithoutAWindowTheFirstMissIsTooMany) {
  loop::MissWindow sut(0, 0);

  EXPECT_FALSE(sut.add(false));
  EXPECT_TRUE(sut.add(true));
}

TEST(MissWindow, ToleratesSoManyInAWindowThatSlides) {
  loop::MissWindow sut(2, 4);

  EXPECT_FALSE(sut.add(true));
  EXPECT_FALSE(sut.add(true));
  EXPECT_FALSE(sut.add(false));
  EXPECT_TRUE(sut.add(true));    // 3 of 4.
  EXPECT_FALSE(sut.add(false));  // The first has left the window.
  EXPECT_FALSE(sut.add(false));
  EXPECT_FALSE(sut.add(true));   // 2 of 4.
}

// A relay on data with a deadline of 100 us; `late` steps end after it.
HarnessOptions with_deadline(OnMiss policy, std::uint32_t tolerated, std::uint32_t window) {
  return {.unconnected = {"extra"}, .adjust = [=](NodeConfig& config) {
            config.deadline = 100us;
            config.on_miss = policy;
            config.tolerate_misses = tolerated;
            config.tolerate_window = window;
          }};
}
Did late_step(NodeHarness& sut, std::chrono::nanoseconds late = 101us) {
  sut.send("in", Scalar{1.0});
  sut.advance(late);
  return sut.step();
}

TEST(Deadline, AStepThatEndsExactlyAtItIsNoMiss) {
  NodeHarness sut("loop/relay", with_deadline(OnMiss::count, 0, 0));

  late_step(sut, 100us);
  EXPECT_EQ(sut.status().counters.misses.load(), 0U);
  late_step(sut, 101us);
  EXPECT_EQ(sut.status().counters.misses.load(), 1U);
  EXPECT_EQ(state_of(sut), NodeState::running);
}

TEST(Deadline, OnMissStopEndsTheNodeAfterTheToleratedOnes) {
  NodeHarness sut("loop/relay", with_deadline(OnMiss::stop, 1, 3));

  EXPECT_EQ(late_step(sut), Did::stepped);
  EXPECT_EQ(late_step(sut), Did::stopped);

  EXPECT_EQ(state_of(sut), NodeState::failed);
  EXPECT_EQ(reason_of(sut), StopReason::missed);
}

TEST(Deadline, OnMissSafeLatchesTheStalePath) {
  NodeHarness sut("loop/relay", with_deadline(OnMiss::safe, 0, 0));

  EXPECT_EQ(late_step(sut), Did::stepped);
  EXPECT_EQ(late_step(sut, 0us), Did::went_stale);
  EXPECT_EQ(late_step(sut, 0us), Did::went_stale);
  EXPECT_EQ(state_of(sut), NodeState::safe);
}

TEST(Skipped, ReleasesReachTheNodeAndTheCounter) {
  NodeHarness sut("loop/relay", {.period = 1ms, .unconnected = {"extra"}});
  sut.send("in", Scalar{1.0});
  sut.step();

  sut.step_after_skipping(2);

  EXPECT_EQ(node_of<Relay>(sut).last.skipped, 2U);
  EXPECT_EQ(node_of<Relay>(sut).last.elapsed, 3ms);
  EXPECT_EQ(sut.status().counters.skipped.load(), 2U);
}

}  // namespace
}  // namespace takt::test
