// The emergency stop in the loop of an actuator: what counts as pressed, and what it takes to move
// again.
#include "tests/unit/loop/actuator_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

constexpr double kReleased = 1.0;
constexpr double kPressed = 0.0;

//   test --command--> n0 (loop/drive, safe -5)
//   test --button---> n0 (graph.estop, released 1, max_age 10 ms)
struct Estop : ActuatorRig {
  void add(bool rearm_automatically = false) {
    ActuatorRig::add([&](NodeConfig& config) {
      config.period = 1ms;
      config.safety.rearm_automatically = rearm_automatically;
      InputConfig button;
      button.name = kEstopInput;
      button.from = TopicName{"test", "button"};
      button.layout = layout_of<Scalar>();
      button.max_age = 10ms;
      button.queue_depth = 4;
      button.optional = true;
      config.inputs.push_back(button);
      config.estop = EstopConfig{FieldKind::f64, 0, bytes_of({kReleased})};
    });
  }

  void button(double value) { rig.send(*sut, kEstopInput, value, rig.clock.now().count()); }
  EstopState shown() const { return static_cast<EstopState>(sut->status->estop.load()); }
};

TEST_F(Estop, ThatWasNeverHeardOfKeepsAnArmedActuatorSafe) {
  add();
  control->armed = 1;

  for (int i = 0; i < 5; ++i) EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(shown(), EstopState::silent);
  EXPECT_EQ(sut->status->tripped.load(), 0U) << "not overdue yet: nothing was stopped";
  button(kReleased);
  EXPECT_EQ(step(), 2.0) << "a graph that starts armed";
}

TEST_F(Estop, ThatIsPressedLatchesUntilTheNextArming) {
  add();
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);

  button(kPressed);
  EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(shown(), EstopState::pressed);
  EXPECT_EQ(cause(), TripCause::estop);
  button(kReleased);
  EXPECT_EQ(step(), -5.0) << "release alone moves nothing";
  EXPECT_EQ(shown(), EstopState::released);
  control->armed = 2;
  EXPECT_EQ(step(), 2.0);
}

TEST_F(Estop, LatchesAlsoWhereTheGraphRearmsItself) {
  add(true);
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);
  button(kPressed);
  ASSERT_EQ(step(), -5.0);
  button(kReleased);

  EXPECT_EQ(step(), -5.0);
}

TEST_F(Estop, ThatFallsSilentCountsAsPressed) {
  add(true);
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);
  rig.clock.advance(10ms);

  EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(shown(), EstopState::silent);
  EXPECT_EQ(cause(), TripCause::estop);
  button(kReleased);
  EXPECT_EQ(step(), -5.0) << "its return moves nothing";
}

TEST_F(Estop, ThatIsPressedForAMomentBetweenTwoStepsIsSeen) {
  add();
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);

  button(kPressed);
  button(kReleased);

  EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(step(), -5.0);
}

TEST_F(Estop, OfWhichASampleWasLostCountsAsPressed) {
  add();
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);

  for (int i = 0; i < 10; ++i) button(kReleased);  // Its queue holds 4.

  EXPECT_EQ(step(), -5.0);
}

TEST_F(Estop, IsReleasedByOneValueOnly) {
  add(true);
  control->armed = 1;
  for (const double value : {kNaN, 0.5, -1.0, 1e300}) {
    button(value);
    EXPECT_EQ(step(), -5.0) << value;
    control->armed = control->armed + 1;
  }
}

TEST_F(Estop, CannotBeArmedAwayWhilePressed) {
  add();
  control->armed = 1;
  button(kPressed);
  ASSERT_EQ(step(), -5.0);
  control->armed = 2;

  EXPECT_EQ(step(), -5.0);
  EXPECT_EQ(sut->status->tripped.load(), 2U);
  EXPECT_EQ(sut->status->can_act.load(), 0U);
}

TEST_F(Estop, DoesNotWaitForTheTriggerOfItsActuator) {
  add();
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);
  ASSERT_FALSE(sut->loop->must_act());

  button(kPressed);
  sut->loop->collect();
  ASSERT_TRUE(sut->loop->must_act());
  sut->loop->obey(rig.clock.now().count());

  EXPECT_EQ(sent(), -5.0);
  EXPECT_FALSE(sut->loop->must_act());
}

TEST_F(Estop, DisarmingDoesNotWaitForTheTriggerAndArmingDoes) {
  add();
  control->armed = 1;
  button(kReleased);
  ASSERT_EQ(step(), 2.0);

  control->armed = 0;
  ASSERT_TRUE(sut->loop->must_act());
  sut->loop->obey(rig.clock.now().count());
  EXPECT_EQ(sent(), -5.0);

  control->armed = 2;
  ASSERT_TRUE(sut->loop->must_act());
  sut->loop->obey(rig.clock.now().count());
  EXPECT_EQ(sent(), 0.0) << "a step waits for its trigger";
  EXPECT_EQ(step(), 2.0);
}

}  // namespace
}  // namespace takt::test
