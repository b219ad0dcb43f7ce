// What an actuator sends while it is armed, disarmed, and after it went safe for good.
#include "tests/unit/loop/actuator_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

//   test --command--> n0 (loop/drive, safe -5, max_age 3 ms)
struct Arming : ActuatorRig {
  LoopRig::Part& add(bool rearm_automatically) {
    return ActuatorRig::add([&](NodeConfig& config) {
      config.period = 1ms;
      config.safety.rearm_automatically = rearm_automatically;
      input_of(config, "in").max_age = 3ms;
    });
  }
  bool can_act() const { return sut->status->can_act.load() != 0; }
};

TEST_F(Arming, DisarmedAnActuatorSendsItsSafeValueWhateverItIsTold) {
  add(false);

  for (int i = 0; i < 5; ++i) EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(sut->status->counters.disarmed.load(), 5U);
  EXPECT_EQ(sut->status->counters.cycles.load(), 0U);
  EXPECT_TRUE(can_act()) << "armed, it would follow its command";
}

TEST_F(Arming, DisarmedAnActuatorSaysWhenItsCommandIsStale) {
  add(false);
  for (int i = 0; i < 5; ++i) step(true);

  EXPECT_FALSE(can_act());
}

TEST_F(Arming, ArmedItFollowsItsCommandAndDisarmedAgainItDoesNot) {
  add(false);
  step();
  control->armed = 1;
  EXPECT_EQ(step(), 2.0);
  control->armed = 0;
  EXPECT_EQ(step(), -5.0);
}

TEST_F(Arming, AfterAStaleCommandItStaysSafeUntilTheNextArming) {
  add(false);
  control->armed = 1;
  ASSERT_EQ(step(), 2.0);
  for (int i = 0; i < 5; ++i) step(true);

  EXPECT_EQ(step(), -5.0) << "a fresh command alone must not move anything";
  EXPECT_EQ(sut->status->tripped.load(), 1U);
  EXPECT_EQ(cause(), TripCause::stale_input);
  control->armed = 0;
  EXPECT_EQ(step(), -5.0);
  control->armed = 2;
  EXPECT_EQ(step(), 2.0);
}

TEST_F(Arming, WithRearmAutoAFreshCommandIsEnough) {
  add(true);
  control->armed = 1;
  ASSERT_EQ(step(), 2.0);
  for (int i = 0; i < 5; ++i) step(true);

  EXPECT_EQ(step(), 2.0);
  EXPECT_EQ(sut->status->tripped.load(), 0U);
}

TEST_F(Arming, ASupervisorThatStandsStillIsASafeState) {
  add(false);
  control->armed = 1;
  control->heartbeat_ns = rig.clock.now().count() + 1;
  ASSERT_EQ(step(), 2.0);
  rig.clock.advance(1s);

  EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(cause(), TripCause::supervisor_stalled);
  control->heartbeat_ns = rig.clock.now().count();
  EXPECT_EQ(step(), -5.0) << "it came back: that arms nothing";
}

TEST_F(Arming, ASupervisorThatMayStandStillIsNotJudged) {
  add(false);
  sut->launch.node.safety.supervisor_timeout = 0s;
  LoopRig::Part& unjudged = rig.add("loop/drive", [](NodeConfig& config) {
    config.actuator = true;
    config.period = 1ms;
    config.safety.supervisor_timeout = 0s;
  });
  sut = &unjudged;
  control->armed = 1;
  control->heartbeat_ns = 1;
  rig.clock.advance(10s);

  EXPECT_EQ(step(), 2.0);
}

TEST_F(Arming, RecordsNoAgesWhileTheGraphStops) {
  add(false);
  step();
  control->ending.store(1);

  step();
  step(true);

  const StatusPage& status = *sut->status;
  EXPECT_EQ(status.inputs[0].age.count(), 1U);
  EXPECT_EQ(status.counters.disarmed.load(), 3U);
}

}  // namespace
}  // namespace takt::test
