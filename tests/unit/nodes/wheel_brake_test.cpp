// plant/wheel_brake: closed forms of its parts, and the published anti-lock problem
// (control-references.md, R6) against the oracle, which computes in feet, slugs and psi.
//
//   valve = sign(0.2 - slip), or 1 without control --> delay --> wheel and vehicle --> slip
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/sample/wheel_state.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/plant/wheel_brake_model.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::wheel_brake_test {
namespace {

using namespace std::chrono_literals;

constexpr double kFoot = 0.3048;
constexpr double kPsi = 6894.757293168361;
constexpr std::chrono::nanoseconds kSubstep = 500us;

WheelBrakeParameters published() {
  WheelBrakeParameters p;
  p.friction = {.points = 21, .mu = {0,    .4,  .8,  .97, 1.0, .98, .96, .94, .92, .9, .88,
                                     .855, .83, .81, .79, .77, .75, .73, .72, .71, .7}};
  return p;
}

WheelBrakeState at_speed(double v) { return {.speed = v, .wheel_speed = v / 0.381}; }

TEST(WheelBrakeModel, RollsOnForEverWithoutABrake) {
  const WheelBrakeModel sut(published(), 1ms);

  const auto s = sut.advance(at_speed(20.0), -1.0, 900ms);

  EXPECT_NEAR(s.speed, 20.0, 1e-12);
  EXPECT_NEAR(s.distance, 18.0, 1e-12);
  EXPECT_EQ(s.pressure, 0.0) << "a valve cannot empty what is empty";
}

TEST(WheelBrakeModel, FillsTheBrakeBehindTheLagOfTheValve) {
  const WheelBrakeModel sut(published(), 1ms);

  const auto s = sut.advance(at_speed(26.8224), 1.0, 100ms);

  const double t = 0.1, lag = 0.01;
  EXPECT_NEAR(s.pressure / (100.0 * kPsi), t - lag * (1.0 - std::exp(-t / lag)), 1e-8);
}

TEST(WheelBrakeModel, SlidesWithConstantDecelerationOnALockedWheel) {
  const WheelBrakeModel sut(published(), 1ms);
  const WheelBrakeState locked{.speed = 20.0, .pressure = 1500.0 * kPsi};

  const auto s = sut.advance(locked, 1.0, 1s);

  EXPECT_EQ(s.wheel_speed, 0.0);
  EXPECT_NEAR(s.speed, 20.0 - 0.7 * 9.808464 / 4.0, 1e-10);
  EXPECT_NEAR(s.distance, 20.0 - 0.5 * 0.7 * 9.808464 / 4.0, 1e-10);
  EXPECT_EQ(sut.slip(s), 1.0);
  EXPECT_EQ(s.pressure, WheelBrakeParameters{}.pressure_max);
}

TEST(WheelBrakeModel, StandsFromItsStopSpeedOn) {
  const WheelBrakeModel sut(published(), 1ms);
  const WheelBrakeState slow{.speed = 0.4, .pressure = 700.0 * kPsi};

  const auto stopped = sut.advance(slow, 0.0, 500ms);
  const auto later = sut.advance(stopped, -1.0, 500ms);

  EXPECT_EQ(stopped.speed, 0.0);
  EXPECT_EQ(stopped.wheel_speed, 0.0);
  EXPECT_EQ(sut.slip(stopped), 0.0);
  EXPECT_GT(stopped.distance, 0.0);
  EXPECT_EQ(later.distance, stopped.distance);
  EXPECT_LT(later.pressure, stopped.pressure) << "the hydraulics go on";
}

TEST(WheelBrakeModel, RunsOnlySoManySubstepsOfAVeryLongPauseAndNoLongerOnes) {
  const WheelBrakeModel sut(published(), 1ms);

  const auto paused = sut.advance(at_speed(26.8224), 1.0, 1h);
  const auto five_seconds = sut.advance(at_speed(26.8224), 1.0, 5s);

  EXPECT_EQ(paused.distance, five_seconds.distance);
  EXPECT_GT(paused.speed, 20.0);
}

TEST(WheelBrakeModel, TakesShorterSubstepsForAFasterWheel) {
  WheelBrakeParameters light = published();
  light.inertia /= 20.0;
  light.stop_speed /= 2.0;
  const WheelBrakeModel sut(light, 10ms);
  ASSERT_TRUE(sut.is_solvable());

  WheelBrakeState s = at_speed(5.0);
  s.pressure = 300.0 * kPsi;
  for (int i = 0; i < 1000 && s.speed > 0.0; ++i) {
    s = sut.advance(s, 0.0, 10ms);
    ASSERT_GE(sut.slip(s), -1e-3) << "a wheel whose steps are too long swings about the speed";
    ASSERT_LE(sut.slip(s), 0.1);
  }
  EXPECT_EQ(s.speed, 0.0);

  light.stop_speed = 1e-3;
  EXPECT_FALSE(WheelBrakeModel(light, 10ms).is_solvable());
}

TEST(FrictionCurve, GoesOnWithItsLastSlopesOutside) {
  const FrictionCurve sut{.points = 3, .mu = {0.0, 1.0, 0.5}};

  EXPECT_EQ(sut.at(0.25), 0.5);
  EXPECT_EQ(sut.at(0.75), 0.75);
  EXPECT_EQ(sut.at(-0.5), -1.0);
  EXPECT_EQ(sut.at(2.0), -0.5);
  EXPECT_EQ(sut.slope_max(), 2.0);
}

struct Stop {
  std::vector<WheelBrakeState> states;  // One a substep.
  double stop_s = 0.0;
  double feet = 0.0;
  std::optional<double> lock_s;
  double slip_mean = 0.0, slip_max = 0.0;  // Above 8 ft/s and after 0.5 s, as in the oracle.
};

Stop brake(bool control, std::chrono::nanoseconds period, std::size_t delay) {
  const WheelBrakeModel model(published(), kSubstep);
  WheelBrakeState s = at_speed(88.0 * kFoot);
  Stop stop;
  std::deque<double> on_the_way(delay, 0.0);
  std::size_t counted = 0;
  const auto seconds = [&] { return 0.0005 * static_cast<double>(stop.states.size()); };
  while (s.speed > 0.0 && seconds() < 30.0) {
    on_the_way.push_back(control && model.slip(s) > 0.2 ? -1.0 : 1.0);
    for (auto left = period; left.count() > 0 && s.speed > 0.0; left -= kSubstep) {
      if (s.wheel_speed <= 1e-9 && !stop.lock_s) stop.lock_s = seconds();
      if (s.speed > 8.0 * kFoot && seconds() > 0.5) {
        stop.slip_mean += model.slip(s);
        stop.slip_max = std::max(stop.slip_max, model.slip(s));
        ++counted;
      }
      stop.states.push_back(s);
      s = model.advance(s, on_the_way.front(), kSubstep);
    }
    on_the_way.pop_front();
  }
  stop.stop_s = seconds();
  stop.feet = s.distance / kFoot;
  stop.slip_mean /= static_cast<double>(counted);
  return stop;
}

TEST(BrakingWithoutControl, LandsOnTheFiguresOfTheOracle) {
  const test::ReferenceTable table("table_abs_mw.csv");
  const std::size_t row = table.row_of("abs_mw_off");

  const Stop stop = brake(false, 1ms, 0);

  EXPECT_NEAR(stop.stop_s, table.number(row, "stop_s"), 1e-4);
  EXPECT_NEAR(stop.feet, table.number(row, "distance"), 1e-3);
  EXPECT_NEAR(stop.lock_s.value_or(0.0), table.number(row, "lock_s"), 1e-4);
  // Whether the sample at 0.5 s counts is a matter of rounding.
  EXPECT_NEAR(stop.slip_mean, table.number(row, "slip_mean"), 3e-5);
}

TEST(BrakingWithoutControl, FollowsTheTrajectoryOfTheOracle) {
  const WheelBrakeModel model(published(), kSubstep);
  const test::ReferenceTable trajectory("abs_mw_off.csv");

  const Stop stop = brake(false, 1ms, 0);

  std::size_t compared = 0;
  for (std::size_t row = 0; row + 1 < trajectory.size(); ++row) {  // The last one is at the stop.
    const double t = trajectory.number(row, "t");
    if (t >= 10.0) continue;  // Printed with too few digits to name a substep.
    const auto& s = stop.states.at(static_cast<std::size_t>(std::llround(t / 0.0005)));
    const auto expect = [&](const char* column, double value, double digit = 1.0) {
      const double expected = trajectory.number(row, column);
      EXPECT_NEAR(value, expected, digit * test::printed_tolerance(expected) + 1e-9)
          << column << " at " << t;
    };
    expect("v", s.speed / kFoot);
    expect("w", s.wheel_speed);
    expect("brake", s.pressure / kPsi);
    expect("dist", s.distance / kFoot);
    expect("slip", model.slip(s), 10.0);
    ++compared;
  }
  EXPECT_GT(compared, 60U);
}

struct Control {
  int period_ms;
  std::size_t delay;
};

class BrakingWithControl : public testing::TestWithParam<Control> {};
INSTANTIATE_TEST_SUITE_P(Oracle, BrakingWithControl,
                         testing::Values(Control{1, 0}, Control{1, 1}, Control{1, 2}, Control{5, 0},
                                         Control{5, 1}, Control{5, 2}, Control{10, 0},
                                         Control{10, 1}, Control{10, 2}),
                         [](const auto& case_info) {
                           return format("{}ms_d{}", case_info.param.period_ms,
                                         case_info.param.delay);
                         });

TEST_P(BrakingWithControl, StopsWhereTheOracleStops) {
  const test::ReferenceTable table("table_abs_mw.csv");
  const std::size_t row =
      table.row_of(format("abs_mw_on_{}ms_d{}", GetParam().period_ms, GetParam().delay));

  const Stop stop = brake(true, std::chrono::milliseconds(GetParam().period_ms), GetParam().delay);

  EXPECT_NEAR(stop.stop_s, table.number(row, "stop_s"), 1e-4);
  EXPECT_NEAR(stop.feet, table.number(row, "distance"), 1e-3);
  EXPECT_NEAR(stop.slip_mean, table.number(row, "slip_mean"), 1e-5);
  EXPECT_NEAR(stop.slip_max, table.number(row, "slip_max"), 1e-5);
}

TEST(WheelBrakeNode, PublishesOneInstantOfVehicleAndWheel) {
  test::NodeHarness sut("plant/wheel_brake", {.period = 1ms});
  ASSERT_EQ(sut.error(), nullptr);
  const WheelBrakeModel model(published(), 1ms);
  sut.send("valve", Scalar{1.0});
  sut.step();
  EXPECT_EQ(sut.sent<WheelState>("state")->speed, 26.8224);
  EXPECT_EQ(sut.sent<WheelState>("state").has_value(), false);

  for (int i = 0; i < 200; ++i) sut.step();

  const WheelBrakeState expected = model.advance(at_speed(26.8224), 1.0, 200ms);
  const auto state = sut.sent<WheelState>("state");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->speed, expected.speed);
  EXPECT_EQ(state->wheel_speed, expected.wheel_speed);
  EXPECT_EQ(state->slip, model.slip(expected));
  EXPECT_EQ(state->distance, expected.distance);
  EXPECT_EQ(state->pressure, expected.pressure);
  EXPECT_EQ(sut.sent<Scalar>("speed")->value, expected.speed);
  EXPECT_EQ(sut.sent<Scalar>("wheel_speed")->value, expected.wheel_speed);
  EXPECT_EQ(sut.sent<Scalar>("slip")->value, model.slip(expected));
}

TEST(WheelBrakeNode, StandsWhenItsInitialSpeedIsBelowItsStopSpeed) {
  test::NodeHarness sut("plant/wheel_brake", {.params = {{"initial_speed", 0.3}}, .period = 1ms});
  sut.send("valve", Scalar{1.0});
  sut.step();

  EXPECT_EQ(sut.sent<WheelState>("state")->speed, 0.0);
}

TEST(WheelBrakeNode, RefusesWhatItCannotIntegrate) {
  const auto error_of = [](Json params) {
    const test::NodeHarness sut("plant/wheel_brake", {.params = std::move(params), .period = 1ms});
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of({{"friction", "1"}}), "friction has one number");
  EXPECT_EQ(error_of({{"friction", "0 x"}}), "friction: 'x' is no number");
  EXPECT_EQ(error_of({{"stop_speed", 1e-3}}),
            "the wheel settles too fast at stop_speed 0.001 m/s: it needs substeps below 10 us");
  EXPECT_EQ(error_of({{"mass", 1e-3}, {"valve_lag", 1e-4}, {"load_share", 0.0}}), "none");
  EXPECT_EQ(error_of({{"mass", 1e6}, {"inertia", 1e6}, {"load_share", 1.0}}), "none");
}

}  // namespace
}  // namespace takt::nodes::wheel_brake_test
