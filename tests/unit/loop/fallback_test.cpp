// An input with fallbacks: which of its topics is read, and when that changes.
#include "tests/unit/loop/actuator_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

//   test --in, second, third--> n0 (loop/relay, max_age 3 ms)
struct Fallback : testing::Test {
  LoopRig rig;
  LoopRig::Part* sut = nullptr;

  void add(const std::function<void(NodeConfig&)>& adjust = [](NodeConfig&) {}) {
    sut = &rig.add("loop/relay", [&](NodeConfig& config) {
      config.period = 1ms;
      InputConfig& in = input_of(config, "in");
      in.max_age = 3ms;
      in.fallbacks = {{"test", "second"}, {"test", "third"}};
      std::erase_if(config.inputs, [](const InputConfig& i) { return i.name == "extra"; });
      adjust(config);
    });
  }
  void send(const std::string& writer, double value) {
    rig.send(*sut, writer, value, rig.clock.now().count());
  }
  // One release after `time`; true when a step ran.
  bool step(std::chrono::nanoseconds time) {
    rig.clock.advance(time);
    sut->loop->collect();
    const auto now = rig.clock.now().count();
    return sut->loop->run({now, now, 0}) == loop::Loop::Did::stepped;
  }
  Relay& node() { return static_cast<Relay&>(sut->loop->node()); }
  double seen() { return node().seen.back(); }
  const InputCounters& counters() const { return sut->status->inputs[0]; }
};

TEST_F(Fallback, IsNotReadWhileTheFirstTopicIsFresh) {
  add();
  send("in", 1.0);
  rig.clock.advance(2ms);
  send("second", 2.0);

  EXPECT_TRUE(step(1ms));  // The first is exactly 3 ms old.

  EXPECT_EQ(seen(), 1.0);
  EXPECT_EQ(node().in.source(), 0U);
  EXPECT_EQ(counters().switches.load(), 0U);
  EXPECT_EQ(counters().taken.load(), 2U) << "its samples are taken all the same";
}

TEST_F(Fallback, IsReadAtOnceWhenTheFirstTopicIsTooOld) {
  add();
  send("in", 1.0);
  rig.clock.advance(2ms);
  send("second", 2.0);

  EXPECT_TRUE(step(1ms + 1ns));

  EXPECT_EQ(seen(), 2.0);
  EXPECT_TRUE(node().was_new);
  EXPECT_EQ(node().in.source(), 1U);
  EXPECT_EQ(node().in.age(), 1ms + 1ns) << "the age is that of the sample on show";
  EXPECT_EQ(counters().switches.load(), 1U);
  EXPECT_EQ(counters().source.load(), 1U);
  EXPECT_EQ(counters().stale.load(), 0U);
}

TEST_F(Fallback, IsReadWhenTheFirstTopicNeverSent) {
  add();
  rig.clock.advance(2ms);
  send("third", 3.0);

  EXPECT_FALSE(step(1ms)) << "the first topic has 3 ms from the barrier, as any input";
  EXPECT_TRUE(step(1ns));

  EXPECT_EQ(seen(), 3.0);
  EXPECT_EQ(node().in.source(), 2U) << "the second has no sample: it cannot be read";
}

TEST_F(Fallback, IsNotReadWhenTheFirstTopicIsBackBeforeAnyoneLooks) {
  add();
  rig.clock.set(4ms);  // The first topic has never sent: too old, but no step has looked.
  send("second", 2.0);
  send("in", 1.0);

  EXPECT_TRUE(step(0ms));

  EXPECT_EQ(seen(), 1.0);
  EXPECT_EQ(counters().switches.load(), 0U);
}

TEST_F(Fallback, GivesWayToAnEarlierTopicAfterTenTimesTheLimitWithoutAGap) {
  add();
  rig.clock.set(4ms);
  send("second", 2.0);
  ASSERT_TRUE(step(0ms));
  ASSERT_EQ(seen(), 2.0);

  const auto both = [&] {
    send("in", 1.0);
    send("second", 2.0);
    return step(1ms) ? seen() : 0.0;
  };
  for (int i = 0; i < 29; ++i) ASSERT_EQ(both(), 2.0) << i;  // The last at 29 ms.
  EXPECT_EQ(both(), 1.0) << "30 ms after its first fresh sample";

  EXPECT_EQ(counters().switches.load(), 2U);
  EXPECT_EQ(counters().source.load(), 0U);
}

TEST_F(Fallback, WaitsAnewWhenTheEarlierTopicHasAGap) {
  add();
  rig.clock.set(4ms);
  const auto second_only = [&] {
    send("second", 2.0);
    return step(1ms);
  };
  const auto both = [&] {
    send("in", 1.0);
    return second_only();
  };
  ASSERT_TRUE(second_only());
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(both());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(second_only());  // 4 ms between two samples of the first.
  for (int i = 0; i < 29; ++i) ASSERT_TRUE(both());

  EXPECT_EQ(seen(), 2.0);
  EXPECT_TRUE(both());
  EXPECT_EQ(seen(), 1.0);
}

TEST_F(Fallback, ThatIsTooOldGivesWayAtOnceToAnyFreshTopicTheEarliestFirst) {
  add();
  rig.clock.set(4ms);
  send("third", 3.0);
  ASSERT_TRUE(step(0ms));
  ASSERT_EQ(seen(), 3.0);
  rig.clock.advance(1ms);
  send("in", 1.0);
  send("second", 2.0);
  ASSERT_TRUE(step(2ms));
  ASSERT_EQ(seen(), 3.0) << "exactly 3 ms old";

  EXPECT_TRUE(step(1ns));

  EXPECT_EQ(seen(), 1.0);
}

TEST_F(Fallback, LeavesTheInputStaleOnlyWhenEveryTopicIs) {
  add();
  send("in", 1.0);
  rig.clock.advance(2ms);
  send("second", 2.0);
  ASSERT_TRUE(step(2ms));
  ASSERT_TRUE(step(1ms));

  EXPECT_FALSE(step(1ns));

  EXPECT_EQ(counters().stale.load(), 1U);
  EXPECT_EQ(counters().source.load(), 1U) << "there is nothing to go to";
  EXPECT_EQ(node().stale_calls, 1U);
}

// Time goes on between the look at the queues and the step.
TEST_F(Fallback, IsChosenAtTheInstantAtWhichTheInputIsJudged) {
  add();
  send("in", 1.0);
  rig.clock.advance(2ms);
  send("second", 2.0);
  rig.clock.advance(1ms);
  sut->loop->collect();

  const std::int64_t later = 3'000'001;
  EXPECT_EQ(sut->loop->run({later, later, 0}), loop::Loop::Did::stepped);
  EXPECT_EQ(seen(), 2.0);
  rig.clock.set(4ms);
  send("in", 1.0);
  sut->loop->collect();
  EXPECT_FALSE(sut->loop->any_stale(5'000'001)) << "the second is too old then, the first is not";
}

TEST_F(Fallback, IsJudgedByTheAgeOfTheDataToo) {
  add([](NodeConfig& config) { input_of(config, "in").max_data_age = 2ms; });
  rig.clock.set(5ms);
  rig.send(*sut, "in", 1.0, 2'000'000);  // Just sent, from data 3 ms old.
  rig.send(*sut, "second", 2.0, 4'000'000);

  EXPECT_TRUE(step(0ms));

  EXPECT_EQ(seen(), 2.0);
}

TEST_F(Fallback, ReleasesANodeOnlyWhileItIsRead) {
  add([](NodeConfig& config) {
    config.trigger = {TriggerKind::on_input, {}, {}, {"in"}, {}};
  });
  send("in", 1.0);
  ASSERT_TRUE(sut->loop->collect());
  const auto now = rig.clock.now().count();
  ASSERT_EQ(sut->loop->run({now, now, 0}), loop::Loop::Did::stepped);

  rig.clock.advance(1ms);
  send("second", 2.0);
  EXPECT_FALSE(sut->loop->collect()) << "the first topic is fresh";
  EXPECT_EQ(sut->loop->next_look(rig.clock.now().count(), 0), 3'000'001);
  rig.clock.set(3ms + 1ns);
  EXPECT_TRUE(sut->loop->collect()) << "the backup's sample is the newest there is";
  EXPECT_EQ(sut->loop->trigger_stamp(), 1'000'000);
  EXPECT_FALSE(sut->loop->any_stale(rig.clock.now().count()));
  sut->loop->run({1'000'000, rig.clock.now().count(), 0});
  EXPECT_EQ(seen(), 2.0);

  send("in", 1.0);
  EXPECT_FALSE(sut->loop->collect()) << "back, but not yet to be trusted";
}

TEST_F(Fallback, GivesItsOriginToWhatIsComputedFromIt) {
  add([](NodeConfig& config) {
    config.trigger = {TriggerKind::on_input, {}, {}, {"in"}, {}};
  });
  rig.clock.set(3ms + 1ns);
  rig.send(*sut, "second", 2.0, 1'234'567);

  ASSERT_TRUE(step(0ms));

  EXPECT_EQ(LoopRig::header_of(*sut, "out").origin_ns, 1'234'567);
}

//   test --in, second--> n0 (loop/drive, safe -5, max_age 3 ms)
struct FallbackCommand : ActuatorRig {};

TEST_F(FallbackCommand, KeepsAnActuatorActing) {
  control->armed = 1;
  add([](NodeConfig& config) {
    config.safety.rearm_automatically = false;
    input_of(config, "in").max_age = 3ms;
    input_of(config, "in").fallbacks = {{"test", "second"}};
  });
  ASSERT_EQ(step(), 2.0);
  rig.clock.advance(2ms);
  rig.send(*sut, "second", 7.0, rig.clock.now().count());

  EXPECT_EQ(step(true), 2.0);
  EXPECT_EQ(step(true), 7.0);
  EXPECT_EQ(step(true), 7.0) << "exactly 3 ms old";
  EXPECT_EQ(sut->status->tripped.load(), 0U);

  EXPECT_EQ(step(true), -5.0) << "nothing is left to follow";
  EXPECT_EQ(cause(), TripCause::stale_input);
}

}  // namespace
}  // namespace takt::test
