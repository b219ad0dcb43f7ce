// plant/vehicle: closed forms, standing and rolling back, and the published car on a hill
// (control-references.md, R8) against the oracle's figures.
//
//   20 m/s --> PI (0.5, 0.1), 0 <= u <= 1, tt = 1/kaw --> delay --> car; 4 degrees from 5 s to 6 s
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/controller/pid_algorithm.hpp"
#include "nodes/plant/vehicle_model.hpp"
#include "tests/unit/nodes/oracle_figures.hpp"

namespace takt::nodes::vehicle_test {
namespace {

using namespace std::chrono_literals;

constexpr double kFourthGear = 12.0;
// 0.168749 in the oracle: what holds 20 m/s on the level in the fourth gear.
constexpr double kLevelThrottle = 0.16874874410696344;

VehicleInputs on_level(double throttle) { return {.throttle = throttle, .gear = kFourthGear}; }
VehicleInputs on_slope(double slope) {
  return {.gear = kFourthGear, .slope_from = slope, .slope_to = slope};
}

TEST(VehicleModel, KeepsItsSpeedWithThePublishedThrottle) {
  const VehicleModel sut({}, 10ms);

  EXPECT_NEAR(sut.advance({.speed = 20.0}, on_level(kLevelThrottle), 9s).speed, 20.0, 1e-12);
  EXPECT_NEAR(sut.advance({.speed = 20.0}, on_level(kLevelThrottle), 9s).distance, 180.0, 1e-10);
}

TEST(VehicleModel, CoastsAlongTheClosedFormOfItsDrag) {
  const VehicleModel sut({.rolling = 0.0}, 10ms);

  const VehicleState s = sut.advance({.speed = 30.0}, on_level(0.0), 9s);

  const double k = 0.5 * 1.3 * 0.32 * 2.4 / 1600.0;
  EXPECT_NEAR(s.speed, 30.0 / (1.0 + k * 30.0 * 9.0), 1e-11);
  EXPECT_NEAR(s.distance, std::log(1.0 + k * 30.0 * 9.0) / k, 1e-10);
}

TEST(VehicleModel, HasTheTorqueCurveOfItsEngine) {
  const VehicleModel sut({}, 10ms);

  EXPECT_EQ(sut.torque(420.0), 190.0);
  EXPECT_DOUBLE_EQ(sut.torque(840.0), 190.0 * 0.6);
  EXPECT_DOUBLE_EQ(sut.torque(0.0), 190.0 * 0.6);
  EXPECT_EQ(sut.torque(2000.0), 0.0) << "an engine does not brake by its throttle";
}

TEST(VehicleModel, ComesToRestAndStaysThere) {
  const VehicleModel sut({}, 10ms);

  const VehicleState stopped = sut.advance({.speed = 1.0}, on_level(0.0), 20s);

  EXPECT_EQ(stopped.speed, 0.0);
  EXPECT_NEAR(stopped.distance, 1.0 / (2.0 * 9.8 * 0.01), 0.05) << "v^2 / (2 g Cr)";
  EXPECT_EQ(sut.advance(stopped, on_level(0.0), 5s).distance, stopped.distance);
}

TEST(VehicleModel, StandsOnASmallSlopeAndRollsBackOnASteepOne) {
  const VehicleModel sut({.drag = 0.0}, 10ms);

  EXPECT_EQ(sut.advance({}, on_slope(0.0099), 5s).speed, 0.0);
  EXPECT_NEAR(sut.advance({}, on_slope(0.05), 5s).speed, -5.0 * 9.8 * (std::sin(0.05) - 0.01),
              1e-12);
  EXPECT_NEAR(sut.advance({}, on_slope(-0.05), 5s).speed, 5.0 * 9.8 * (std::sin(0.05) - 0.01),
              1e-12);
}

TEST(VehicleModel, GivesTheSameOverAPartOfAPeriodAndALongPause) {
  const VehicleModel sut({}, 10ms);

  const VehicleState parts =
      sut.advance(sut.advance({.speed = 20.0}, on_level(0.5), 4ms), on_level(0.5), 6ms);

  EXPECT_NEAR(parts.speed, sut.advance({.speed = 20.0}, on_level(0.5), 10ms).speed, 1e-13);
  EXPECT_NEAR(sut.advance({.speed = 5.0}, on_level(kLevelThrottle), 2h).speed, 20.0, 1e-9);
}

double slope_at(double t) { return 4.0 / 180.0 * std::numbers::pi * std::clamp(t - 5.0, 0.0, 1.0); }

struct Drive {
  std::vector<double> t, speed, throttle;
};

Drive drive_over_the_hill(std::size_t delay) {
  const VehicleModel model({}, 10ms);
  PidAlgorithm pid({.kp = 0.5, .ki = 0.1, .h = 0.01, .limits = {0.0, 1.0}, .tt = 1.0 / 2.0});
  pid.restore(kLevelThrottle);
  VehicleState s{.speed = 20.0};
  std::deque<double> on_the_way(delay, kLevelThrottle);
  Drive drive;
  for (int k = 0; k < 3000; ++k) {
    const double t = 0.01 * k;
    on_the_way.push_back(pid.step(20.0, s.speed));
    const double u = on_the_way.front();
    on_the_way.pop_front();
    drive.t.push_back(t);
    drive.speed.push_back(s.speed);
    drive.throttle.push_back(u);
    s = model.advance(s,
                      {.throttle = u,
                       .gear = kFourthGear,
                       .slope_from = slope_at(t),
                       .slope_to = slope_at(0.01 * (k + 1))},
                      10ms);
  }
  return drive;
}

// From table_windup.csv of the oracle, whose rows for the hill are in words.
struct HillFigures {
  std::size_t delay;
  double lowest, lowest_at, throttle_max, back_at, iae;
};

class CruiseOverAHill : public testing::TestWithParam<HillFigures> {};
INSTANTIATE_TEST_SUITE_P(Oracle, CruiseOverAHill,
                         testing::Values(HillFigures{0, 19.26825, 8.370, 0.76479, 14.910, 5.18453},
                                         HillFigures{1, 19.26646, 8.360, 0.76518, 14.890, 5.18413}),
                         [](const auto& case_info) {
                           return format("d{}", case_info.param.delay);
                         });

TEST_P(CruiseOverAHill, LandsOnTheFiguresAndTheTrajectoryOfTheOracle) {
  const HillFigures& expected = GetParam();

  const Drive drive = drive_over_the_hill(expected.delay);

  const auto lowest = std::min_element(drive.speed.begin(), drive.speed.end());
  EXPECT_NEAR(*lowest, expected.lowest, 1e-5);
  EXPECT_NEAR(drive.t[static_cast<std::size_t>(lowest - drive.speed.begin())], expected.lowest_at,
              1e-9);
  EXPECT_NEAR(*std::max_element(drive.throttle.begin(), drive.throttle.end()),
              expected.throttle_max, 1e-5);
  double iae = 0.0, back_at = 0.0;
  for (std::size_t i = 0; i < drive.t.size(); ++i) {
    const double error = std::abs(drive.speed[i] - 20.0);
    if (i > 0) iae += 0.005 * (error + std::abs(drive.speed[i - 1] - 20.0));
    if (error > 0.2) back_at = drive.t[i];
  }
  EXPECT_NEAR(iae, expected.iae, 1e-5);
  EXPECT_NEAR(back_at, expected.back_at, 1e-9);
  const std::string file = format("fbs_hill4_kaw2_d{}.csv", expected.delay);
  test::expect_trajectory(drive.speed, 0.01, file, "v");
  test::expect_trajectory(drive.throttle, 0.01, file, "u");
}

test::HarnessOptions car(Json params, std::vector<std::string> unconnected = {"gear"}) {
  return {.params = std::move(params), .period = 10ms, .unconnected = std::move(unconnected)};
}

TEST(VehicleNode, TakesTheSlopeAsALineBetweenItsSamples) {
  test::NodeHarness sut("plant/vehicle", car({{"initial_speed", 20.0}}));
  ASSERT_EQ(sut.error(), nullptr);
  const VehicleModel model({}, 10ms);
  for (const double slope : {0.0, 0.02, 0.05, 0.05}) {
    sut.send("throttle", Scalar{0.3});
    sut.send("slope", Scalar{slope});
    sut.step();
  }

  VehicleState expected{.speed = 20.0};
  expected = model.advance(expected, {0.3, kFourthGear, 0.0, 0.02}, 10ms);
  expected = model.advance(expected, {0.3, kFourthGear, 0.02, 0.05}, 10ms);
  expected = model.advance(expected, {0.3, kFourthGear, 0.05, 0.05}, 10ms);
  EXPECT_EQ(sut.sent<Scalar>("speed")->value, expected.speed);
  EXPECT_EQ(sut.sent<Scalar>("distance")->value, expected.distance);
}

TEST(VehicleNode, ChangesGearsAndTakesTheNearestThatExists) {
  test::NodeHarness sut("plant/vehicle", car({{"initial_speed", 10.0}, {"mass", 1e9}}, {"slope"}));
  ASSERT_EQ(sut.error(), nullptr);
  const auto ratio = [&](double gear) {
    sut.send("throttle", Scalar{0.0});
    sut.send("gear", Scalar{gear});
    sut.step();
    return sut.sent<Scalar>("engine_speed")->value / sut.sent<Scalar>("speed")->value;
  };

  EXPECT_DOUBLE_EQ(ratio(1.0), 40.0);
  EXPECT_DOUBLE_EQ(ratio(4.6), 10.0);
  EXPECT_DOUBLE_EQ(ratio(-7.0), 40.0);
  EXPECT_DOUBLE_EQ(ratio(99.0), 10.0);
  EXPECT_DOUBLE_EQ(ratio(std::nan("")), 10.0) << "the last finite one";
}

TEST(VehicleNode, RefusesGearsThatDoNotExist) {
  const auto error_of = [](Json params) {
    const test::NodeHarness sut("plant/vehicle", car(std::move(params)));
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of({{"gears", "40 0"}}), "gears holds 0");
  EXPECT_EQ(error_of({{"gears", "40 25"}, {"gear", 3}}), "gear is 3 and gears has 2 numbers");
  EXPECT_EQ(error_of({{"gears", "1 2 3 4 5 6 7 8 9"}}), "gears has 9 numbers");
  EXPECT_EQ(error_of({{"gears", "1 2 3 4 5 6 7 8"}, {"gear", 8}, {"mass", 1.0}}), "none");
  EXPECT_EQ(error_of({{"gears", "5"}, {"gear", 1}, {"rolling", 0.0}, {"drag", 0.0}}), "none");
}

}  // namespace
}  // namespace takt::nodes::vehicle_test
