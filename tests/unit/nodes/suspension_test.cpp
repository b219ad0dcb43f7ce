// plant/suspension: against its transfer functions, and the published loop (control-references.md,
// R4) against the oracle's continuous row.
//
//   0 --> PID (832100, 624075, 208025) times 1 or 2 --> force --> quarter car on a step of 0.1 m
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/controller/pid_algorithm.hpp"
#include "nodes/filter/discrete_filter.hpp"
#include "nodes/plant/suspension_model.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::suspension_test {
namespace {

using namespace std::chrono_literals;

constexpr double kStep = 0.1;  // m, of the road

// Of the published parameters, from the road to the deflection and from the force to it.
const std::vector<double> kDenominator{2500.0 * 320.0, 2500.0 * (350.0 + 15020.0) + 320.0 * 350.0,
                                       2500.0 * (80e3 + 500e3) + 320.0 * 80e3 + 350.0 * 15020.0,
                                       350.0 * 500e3 + 15020.0 * 80e3, 80e3 * 500e3};
const std::vector<double> kFromRoad{-2500.0 * 15020.0, -2500.0 * 500e3, 0.0, 0.0};
const std::vector<double> kFromForce{2500.0 + 320.0, 15020.0, 500e3};

double deflection(const SuspensionState& s) { return s.body - s.wheel; }

TEST(SuspensionModel, IsItsTransferFunctionsForAStepOfTheRoadAndOfTheForce) {
  const SuspensionModel sut({}, 10ms);
  DiscreteFilter from_road(*discretise(kFromRoad, kDenominator, 0.01, Discretisation::zoh));
  DiscreteFilter from_force(*discretise(kFromForce, kDenominator, 0.01, Discretisation::zoh));

  SuspensionState on_step, pushed;
  for (int k = 0; k < 500; ++k) {
    ASSERT_NEAR(deflection(on_step), from_road.step(kStep), 1e-10) << k;
    ASSERT_NEAR(deflection(pushed), from_force.step(1000.0), 1e-10) << k;
    on_step = sut.advance(on_step, 0.0, kStep, 10ms);
    pushed = sut.advance(pushed, 1000.0, 0.0, 10ms);
  }
}

TEST(SuspensionModel, FollowsTheRoadAndTheSpringInTheEnd) {
  const SuspensionModel sut({}, 10ms);

  const SuspensionState s = sut.advance({}, 4000.0, kStep, 10min);

  EXPECT_NEAR(deflection(s), 4000.0 / 80e3, 1e-12);
  EXPECT_NEAR(s.wheel, kStep, 1e-12);
  EXPECT_NEAR(s.body_velocity, 0.0, 1e-12);
  EXPECT_NEAR(sut.wheel_velocity(s, kStep), 0.0, 1e-12);
}

TEST(SuspensionModel, SwingsAsFarAsPublishedWithoutAForce) {
  const SuspensionModel sut({}, 1ms);
  SuspensionState s;
  double lowest = 0.0, highest = 0.0;

  for (int k = 0; k < 10'000; ++k) {
    s = sut.advance(s, 0.0, kStep, 1ms);
    lowest = std::min(lowest, deflection(s));
    highest = std::max(highest, deflection(s));
  }

  EXPECT_NEAR(lowest, -0.110, 5e-4);
  EXPECT_NEAR(highest, 0.082, 5e-4);
}

struct Deflections {
  std::vector<double> values{};  // One a period.
  double period = 0.0;
  double lowest = 0.0;
  double lowest_at = 0.0;
  double iae = 0.0;
};

// Without a filter of the derivative, as the published controller.
Deflections run_suspension(double gain, std::chrono::nanoseconds period) {
  Deflections record{.period = std::chrono::duration<double>(period).count()};
  const SuspensionModel model({}, period);
  PidAlgorithm pid(
      {.kp = 832100.0 * gain, .ki = 624075.0 * gain, .kd = 208025.0 * gain, .h = record.period});
  SuspensionState s;
  const auto periods = static_cast<std::size_t>(5s / period);
  for (std::size_t k = 0; k <= periods; ++k) {
    const double y = deflection(s);
    if (k > 0) record.iae += 0.5 * record.period * (std::abs(y) + std::abs(record.values.back()));
    record.values.push_back(y);
    if (y < record.lowest) {
      record.lowest = y;
      record.lowest_at = static_cast<double>(k) * record.period;
    }
    s = model.advance(s, pid.step(0.0, y), kStep, period);
  }
  return record;
}

class SuspensionLoop : public testing::TestWithParam<int> {
 protected:
  std::string name() const { return format("suspension_cont_x{}", GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Oracle, SuspensionLoop, testing::Values(1, 2));

// The oracle's controller is continuous. At 0.5 ms the extreme of the sampled one is within 0.2 %,
// its trajectory within 0.6 % of that.
TEST_P(SuspensionLoop, LandsOnTheContinuousRowOfTheOracleAtHalfAMillisecond) {
  const test::ReferenceTable table("table_suspension.csv");
  const std::size_t row = table.row_of(name());

  const Deflections record = run_suspension(GetParam(), 500us);

  const double extreme = table.number(row, "peak");
  EXPECT_NEAR(record.lowest, extreme, 2e-3 * std::abs(extreme));
  EXPECT_NEAR(record.lowest_at, table.number(row, "tpeak_s"), 1.1e-3);
  EXPECT_NEAR(record.iae, table.number(row, "iae"), 2e-3 * table.number(row, "iae"));
  EXPECT_NEAR(record.values.back(), table.number(row, "yfinal"), 1e-6);
  const test::ReferenceTable trajectory(name() + ".csv");
  for (std::size_t i = 0; i < trajectory.size(); ++i) {
    const double t = trajectory.number(i, "t");
    const auto k = static_cast<std::size_t>(std::llround(t / record.period));
    EXPECT_NEAR(record.values.at(k), trajectory.number(i, "y"), 6e-3 * std::abs(extreme)) << t;
  }
}

TEST_P(SuspensionLoop, ComesNearerToItWithAShorterSampleTime) {
  const test::ReferenceTable table("table_suspension.csv");
  const double extreme = table.number(table.row_of(name()), "peak");

  const double error = std::abs(run_suspension(GetParam(), 500us).lowest - extreme);
  const double smaller = std::abs(run_suspension(GetParam(), 100us).lowest - extreme);

  EXPECT_LT(smaller, 0.5 * error);
}

TEST(SuspensionNode, PublishesHeightsAndTheirRates) {
  test::NodeHarness sut("plant/suspension", {.period = 10ms});
  ASSERT_EQ(sut.error(), nullptr);
  const SuspensionModel model({}, 10ms);
  sut.send("force", Scalar{1000.0});
  sut.send("road", Scalar{kStep});
  sut.step();
  const auto rest = sut.sent<StateVector>("state");
  ASSERT_TRUE(rest.has_value());
  ASSERT_EQ(rest->x.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(rest->x[i], 0.0) << i;

  sut.step();

  const SuspensionState expected = model.advance({}, 1000.0, kStep, 10ms);
  const auto state = sut.sent<StateVector>("state");
  EXPECT_EQ(state->x[0], expected.body);
  EXPECT_EQ(state->x[1], expected.body_velocity);
  EXPECT_EQ(state->x[2], expected.wheel);
  EXPECT_EQ(state->x[3], model.wheel_velocity(expected, kStep));
  EXPECT_EQ(sut.sent<Scalar>("deflection")->value, expected.body - expected.wheel);
  EXPECT_EQ(sut.sent<Scalar>("body")->value, expected.body);
}

TEST(SuspensionNode, KeepsTheLastFiniteHeightOfTheRoad) {
  test::NodeHarness sut("plant/suspension", {.period = 10ms, .unconnected = {"force"}});
  const SuspensionModel model({}, 10ms);
  SuspensionState expected;
  for (const double road : {0.1, 0.2, std::nan(""), std::nan("")}) {
    sut.send("road", Scalar{road});
    sut.step();
  }

  for (int i = 0; i < 3; ++i) expected = model.advance(expected, 0.0, 0.2, 10ms);
  EXPECT_EQ(sut.sent<Scalar>("body")->value, expected.body);
}

TEST(SuspensionNode, WorksAtTheLowestParametersAndRefusesWhatLeavesTheRangeOfNumbers) {
  test::NodeHarness lowest("plant/suspension",
                           {.params = {{"k1", 0.0}, {"k2", 0.0}, {"b1", 0.0}, {"b2", 0.0}},
                            .period = 10ms,
                            .unconnected = {"road"}});
  ASSERT_EQ(lowest.error(), nullptr);
  lowest.send("force", Scalar{2500.0});
  lowest.step();
  lowest.step();
  EXPECT_NEAR(lowest.sent<Scalar>("body")->value, 0.5 * 1e-4, 1e-18) << "a free mass";

  test::NodeHarness beyond("plant/suspension",
                           {.params = {{"k1", 1e308}, {"m1", 1e-6}}, .period = 10ms});
  ASSERT_NE(beyond.error(), nullptr);
  EXPECT_NE(beyond.error()->text().find("range of numbers"), std::string::npos);
}

}  // namespace
}  // namespace takt::nodes::suspension_test
