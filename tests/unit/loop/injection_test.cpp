// What an injection withholds, drives and leaves alone.
#include "tests/unit/loop/injection_rig.hpp"

namespace {

using namespace std::chrono_literals;
using takt::InjectionVerb;
using takt::test::kMillisecond;
using takt::test::Values;
using Injections = takt::test::InjectionRig;

TEST_F(Injections, NothingChangesWhileThereAreNone) {
  start();

  run(3);

  EXPECT_EQ(node().seen, (Values{0, 1, 2}));
  EXPECT_EQ(injected(), 0u);
}

TEST_F(Injections, OfOtherNodesAndInputsChangeNothing) {
  auto other = entry(InjectionVerb::off, 0, 10);
  other.node = 1;
  inject(other);
  other = entry(InjectionVerb::off, 0, 10);
  other.input = 7;
  inject(other);
  start();

  run(3);

  EXPECT_EQ(node().seen, (Values{0, 1, 2}));
}

TEST_F(Injections, OffWithholdsTheSamplesOfItsWindowAlone) {
  inject(entry(InjectionVerb::off, 2, 4));
  start();

  run(6);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 4, 5}));
  EXPECT_EQ(injected(), 2u);
  EXPECT_EQ(part->status->inputs[0].taken, 6u);
  EXPECT_EQ(part->status->inputs[0].lost, 0u);
}

TEST_F(Injections, AFaultOfOnePeriodHitsOneSample) {
  inject(entry(InjectionVerb::off, 2, 3));
  start();

  run(5);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 3, 4}));
  EXPECT_EQ(injected(), 1u);
}

TEST_F(Injections, TheFirstSampleCanBeDropped) {
  inject(entry(InjectionVerb::off, 0, 1));
  start();

  run(3);

  EXPECT_EQ(node().seen, (Values{1, 2}));
  EXPECT_EQ(part->status->counters.waiting, 1u);
}

TEST_F(Injections, AnEmptyWindowHitsNothing) {
  inject(entry(InjectionVerb::off, 3, 3));
  inject(entry(InjectionVerb::off, 3, 1));
  start();

  run(5);

  EXPECT_EQ(node().seen, (Values{0, 1, 2, 3, 4}));
}

TEST_F(Injections, OffMakesAnInputWithAnAgeLimitStale) {
  inject(entry(InjectionVerb::off, 2, 8));
  start([](takt::NodeConfig& config) { config.inputs[0].max_age = 2ms; });

  run(6);

  EXPECT_EQ(node().steps, 4u);
  EXPECT_EQ(node().stale_calls, 2u);
  EXPECT_EQ(part->status->inputs[0].stale, 2u);
}

TEST_F(Injections, OffReleasesNoNodeThatWaitsForData) {
  inject(entry(InjectionVerb::off, 0, 1));
  start([](takt::NodeConfig& config) {
    config.trigger = {takt::TriggerKind::on_input, {}, {}, {"in"}, {}};
  });
  rig.send(*part, "in", 1.0, now());

  EXPECT_FALSE(part->loop->collect());
  rig.clock.advance(1ms);
  rig.send(*part, "in", 2.0, now());
  EXPECT_TRUE(part->loop->collect());
}

//   n1 (relay)  --out, depth 1, wait-->  n0 (relay, on in)
TEST_F(Injections, WhatIsWithheldGivesItsCreditBack) {
  inject(entry(InjectionVerb::off, 0, 9));
  start([](takt::NodeConfig& config) {
    config.trigger = {takt::TriggerKind::on_input, {}, {}, {"in"}, {}};
    config.inputs[0].queue_depth = 1;
    config.inputs[0].when_full = takt::WhenFull::wait;
    config.inputs[0].from = takt::TopicName{"n1", "out"};
  });
  auto& writer = rig.add("loop/relay", [](takt::NodeConfig& config) {
    takt::test::input_of(config, "in").initial = takt::test::bytes_of({1.0});
    config.outputs[0].readers = {{"n0", "in", true, 1}};
  });
  writer.loop->run({});
  ASSERT_FALSE(writer.loop->has_credits());

  EXPECT_FALSE(part->loop->collect());

  EXPECT_TRUE(writer.loop->has_credits());
  EXPECT_EQ(rig.bells->bells[1].rings.load(), 1U) << "a writer that waits for it is woken";
}

TEST_F(Injections, SlowLetsTheFirstOfEachGroupArrive) {
  auto slow = entry(InjectionVerb::slow, 1, 7);
  slow.divide = 3;
  inject(slow);
  start();

  run(9);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 4, 4, 4, 7, 8}));
}

TEST_F(Injections, IntermittentDropsTheShareThatItSaysAndRepeatsItself) {
  auto some = entry(InjectionVerb::intermittent, 0, 1000);
  some.drop = 0.25;
  some.seed = 7;
  inject(some);
  start();
  run(1000);
  const Values first = node().seen;

  EXPECT_NEAR(static_cast<double>(injected()), 250.0, 50.0);

  takt::test::LoopRig again;
  again.injections = page();
  auto& other = again.add("loop/relay", [](takt::NodeConfig& config) { config.inputs.resize(1); });
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t at = again.clock.now().count();
    again.send(other, "in", static_cast<double>(at / kMillisecond), at);
    other.loop->collect();
    other.loop->run({at, at, 0});
    again.clock.advance(1ms);
  }
  EXPECT_EQ(static_cast<takt::test::Relay&>(other.loop->node()).seen, first);
}

TEST_F(Injections, OneThatComesWhileTheNodeRunsActsFromThenOn) {
  start();
  run(2);

  inject(entry(InjectionVerb::off, 2, 4));
  run(4);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 4, 5}));
}

TEST_F(Injections, SetHoldsEachPointUntilTheNext) {
  inject(entry(InjectionVerb::set, 1, 5), {{1 * kMillisecond, 10.0}, {3 * kMillisecond, 20.0}});
  start();

  run(6);

  EXPECT_EQ(node().seen, (Values{0, 10, 10, 20, 20, 5}));
}

TEST_F(Injections, SetGoesAlongStraightLinesWhenAskedTo) {
  auto line = entry(InjectionVerb::set, 0, 9);
  line.interpolate = 1;
  inject(line, {{1 * kMillisecond, 0.0}, {5 * kMillisecond, 8.0}});
  start();

  run(7);

  EXPECT_EQ(node().seen, (Values{0, 0, 2, 4, 6, 8, 8}));
}

TEST_F(Injections, SetGoesByTheInstantOfReadingNotByTheSample) {
  inject(entry(InjectionVerb::set, 1, 4), {{1 * kMillisecond, 10.0}, {2 * kMillisecond, 20.0}});
  start();
  run(1);

  run(4, false);  // The one sample of instant 0 is read again.

  EXPECT_EQ(node().seen, (Values{0, 10, 20, 20, 0}));
  EXPECT_EQ(injected(), 1u);
}

TEST_F(Injections, SetReplacesTheInitialValueAsWell) {
  inject(entry(InjectionVerb::set, 1, 2), {{0, 10.0}});
  start([](takt::NodeConfig& config) {
    config.inputs[0].initial = takt::test::bytes_of(takt::Scalar{-1.0});
  });

  run(3, false);

  EXPECT_EQ(node().seen, (Values{-1, 10, -1}));
}

class ExternalInputs : public Injections {
 protected:
  void start_external(const std::function<void(takt::InputConfig&)>& adjust = {}) {
    start([&](takt::NodeConfig& config) {
      config.inputs[0].from.reset();
      config.inputs[0].external = true;
      if (adjust) adjust(config.inputs[0]);
    });
  }
};

TEST_F(ExternalInputs, WaitUntilTheyAreDriven) {
  inject(entry(InjectionVerb::set, 2, 4), {{2 * kMillisecond, 10.0}});
  start_external();

  run(5, false);

  EXPECT_EQ(part->status->counters.waiting, 2u);
  EXPECT_EQ(node().seen, (Values{10, 10, 10}));
  EXPECT_EQ(part->status->inputs[0].taken, 2u);
  EXPECT_EQ(injected(), 2u);
}

TEST_F(ExternalInputs, ShowTheirInitialValueWhileNobodyDrives) {
  inject(entry(InjectionVerb::set, 1, 2), {{0, 10.0}});
  start_external(
      [](takt::InputConfig& input) { input.initial = takt::test::bytes_of(takt::Scalar{-1.0}); });

  run(2, false);

  EXPECT_EQ(node().seen, (Values{-1, 10}));
}

TEST_F(ExternalInputs, AreFreshWhileTheyAreDriven) {
  inject(entry(InjectionVerb::set, 0, 4), {{0, 10.0}});
  start_external([](takt::InputConfig& input) { input.max_age = input.max_data_age = 1ms; });

  run(6, false);  // The last sample is of instant 3.

  EXPECT_EQ(node().steps, 5u);
  EXPECT_EQ(node().stale_calls, 1u);
}

TEST_F(ExternalInputs, LooksBetweenReleasesMakeNoSamplesOfTheirOwn) {
  inject(entry(InjectionVerb::set, 0, 2), {{0, 10.0}});
  start_external();

  run(2, false);
  rig.clock.set(1500us);
  part->loop->collect();
  rig.clock.set(2ms);
  run(1, false);

  EXPECT_EQ(node().steps, 3u);
  EXPECT_FALSE(node().was_new);
  EXPECT_EQ(injected(), 2u);
}

TEST_F(ExternalInputs, OffWithholdsWhatIsDriven) {
  inject(entry(InjectionVerb::set, 0, 9),
         {{0, 0.0}, {1 * kMillisecond, 1.0}, {2 * kMillisecond, 2.0}, {3 * kMillisecond, 3.0}});
  inject(entry(InjectionVerb::off, 1, 3));
  start_external();

  run(4, false);

  EXPECT_EQ(node().seen, (Values{0, 0, 0, 3}));
}

TEST_F(ExternalInputs, DelayedArriveWithTheValueOfTheirInstant) {
  auto line = entry(InjectionVerb::set, 0, 9);
  line.interpolate = 1;
  inject(line, {{0, 0.0}, {9 * kMillisecond, 9.0}});
  auto late = entry(InjectionVerb::delayed, 0, 9);
  late.by_ns = 2 * kMillisecond;
  inject(late);
  start_external();

  run(6, false);

  EXPECT_EQ(node().seen, (Values{0, 1, 2, 3}));
}

TEST_F(ExternalInputs, FaultsActOnWhatIsDriven) {
  inject(entry(InjectionVerb::set, 0, 9), {{0, 10.0}});
  auto wrong = entry(InjectionVerb::wrong, 1, 2);
  wrong.bias = 5.0;
  inject(wrong);
  start_external();

  run(3, false);

  EXPECT_EQ(node().seen, (Values{10, 15, 10}));
}

}  // namespace
