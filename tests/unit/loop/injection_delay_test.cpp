// Samples that an injection lets arrive later.
#include <algorithm>

#include "tests/support/allocation_guard.hpp"
#include "tests/unit/loop/injection_rig.hpp"

namespace {

using namespace std::chrono_literals;
using takt::InjectionVerb;
using takt::test::kMillisecond;
using takt::test::Values;
using DelayedInputs = takt::test::InjectionRig;

takt::InjectionEntry by(takt::InjectionEntry entry, std::int64_t ns) {
  entry.by_ns = ns;
  return entry;
}

TEST_F(DelayedInputs, OfOnePeriodShowTheSampleOfThePeriodBefore) {
  inject(by(entry(InjectionVerb::delayed, 0, 9), kMillisecond));
  start();

  run(4);

  EXPECT_EQ(node().seen, (Values{0, 1, 2}));
  EXPECT_EQ(part->status->counters.waiting, 1u);
  EXPECT_EQ(injected(), 4u);
}

TEST_F(DelayedInputs, ArriveInOrderWhenTheDelayEnds) {
  inject(by(entry(InjectionVerb::delayed, 2, 4), 3 * kMillisecond));
  start();

  run(8);  // Samples 2 and 3 arrive at 5 and 6, and 4 and 5 wait behind them.

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 1, 2, 6, 7}));
}

TEST_F(DelayedInputs, KeepTheStampsOfTheirWriterAndAge) {
  inject(by(entry(InjectionVerb::delayed, 0, 9), 2 * kMillisecond));
  start([](takt::NodeConfig& config) { config.inputs[0].max_age = 1ms; });

  run(4);

  EXPECT_EQ(node().steps, 0u);
  EXPECT_EQ(part->status->inputs[0].stale, 2u);
}

TEST_F(DelayedInputs, WakeANodeThatWaitsForThem) {
  inject(by(entry(InjectionVerb::delayed, 0, 9), 1500 * 1000));
  start([](takt::NodeConfig& config) {
    config.trigger = {takt::TriggerKind::on_input, {}, {}, {"in"}, {}};
  });
  rig.send(*part, "in", 1.0, now());

  EXPECT_FALSE(part->loop->collect());
  EXPECT_EQ(part->loop->next_look(now(), 0), 1500 * 1000);
  rig.clock.set(1500us);
  EXPECT_TRUE(part->loop->collect());
  EXPECT_EQ(part->loop->trigger_stamp(), 0);
  EXPECT_GT(part->loop->next_look(now(), 0), 1500 * 1000);
}

TEST_F(DelayedInputs, WithJitterStayInOrderAndRepeatThemselves) {
  auto late = by(entry(InjectionVerb::delayed, 0, 1000), 0);
  late.jitter_ns = 5 * kMillisecond;
  inject(late);
  start();

  run(500);

  EXPECT_TRUE(std::is_sorted(node().seen.begin(), node().seen.end()));
  EXPECT_LT(node().seen.back(), 499.0);
  EXPECT_EQ(part->status->inputs[0].undelayed.load(), 0u);
}

TEST_F(DelayedInputs, MoreThanMayWaitAreDroppedAndCounted) {
  inject(by(entry(InjectionVerb::delayed, 0, 200), 100 * kMillisecond));
  start();

  run(100);

  EXPECT_TRUE(node().seen.empty());
  EXPECT_EQ(part->status->inputs[0].undelayed.load(), 100 - takt::kDelayedMax);
  run(1);
  EXPECT_EQ(node().seen, Values{0});
}

TEST_F(DelayedInputs, AQueueShowsThemOneByOne) {
  inject(by(entry(InjectionVerb::delayed, 0, 3), 3 * kMillisecond));
  start([](takt::NodeConfig& config) { config.inputs[0].queue_depth = 8; });

  run(3);
  rig.clock.advance(3ms);
  run(4, false);

  EXPECT_EQ(node().seen, (Values{0, 1, 2, 2}));
}

TEST_F(DelayedInputs, AllocatesNothingWhileTheGraphRuns) {
  inject(by(entry(InjectionVerb::delayed, 0, 9), kMillisecond));
  auto garbage = entry(InjectionVerb::garbage, 0, 9);
  garbage.whole = 1;
  inject(garbage);
  start();
  run(2);
  inject(entry(InjectionVerb::stuck, 2, 9));
  for (int i = 0; i < 5; ++i) {
    rig.send(*part, "in", 1.0, now());
    const takt::test::AllocationGuard guard;
    part->loop->collect();
    part->loop->run({now(), now(), 0});
    EXPECT_EQ(guard.calls(), 0u);
    rig.clock.advance(1ms);
  }
}

}  // namespace
