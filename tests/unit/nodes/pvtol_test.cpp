// plant/pvtol: closed forms of the full equations, and the published cascade
// (control-references.md, R9) against the oracle's figures.
//
//   x_d --> -2 (s + .3)/(s + 10), 20 ms --> theta_d --> 200 (s + 2)/(s + 50), 2 ms --> f1 -->
//   aircraft
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/filter/discrete_filter.hpp"
#include "nodes/plant/pvtol_model.hpp"
#include "tests/unit/nodes/oracle_figures.hpp"
#include "tests/unit/nodes/sampled_loop.hpp"

namespace takt::nodes::pvtol_test {
namespace {

using namespace std::chrono_literals;
using Kind = PvtolModel::Kind;

TEST(PvtolModel, FallsOnAParabolaWithoutThrustAndDamping) {
  const PvtolModel sut(Kind::full, {.damping = 0.0}, 10ms);

  const PvtolState s = sut.advance({0.0, 0.0, 0.3, 2.0, 1.0, 0.0}, 0.0, 0.0, 2s);

  EXPECT_NEAR(s[0], 4.0, 1e-12);
  EXPECT_NEAR(s[1], 2.0 - 0.5 * 9.8 * 4.0, 1e-11);
  EXPECT_EQ(s[2], 0.3);
}

TEST(PvtolModel, FallsAgainstItsDampingAlongTheClosedForm) {
  const PvtolParameters p{.damping = 2.0};
  const PvtolModel sut(Kind::full, p, 10ms);

  const PvtolState s = sut.advance({}, 0.0, 0.0, 3s);

  EXPECT_NEAR(s[4], -p.mass * p.gravity / p.damping * (1.0 - std::exp(-p.damping / p.mass * 3.0)),
              1e-11);
}

// With a constant f1 the roll angle is known at every instant; the rest is an integral over it.
TEST(PvtolModel, IsDrivenInTheDirectionOfItsThrustWhileItRolls) {
  const PvtolParameters p{.damping = 0.0};
  const PvtolModel sut(Kind::full, p, 10ms);
  const double f1 = 0.5, f2 = 40.0;

  const PvtolState s = sut.advance({}, f1, f2, 2s);

  const auto roll = [&](double t) { return 0.5 * p.arm * f1 / p.inertia * t * t; };
  double vx = 0.0, vy = 0.0;
  const int n = 20'000;
  for (int i = 0; i < n; ++i) {  // The midpoint rule.
    const double theta = roll((i + 0.5) * 2.0 / n);
    vx += (f1 * std::cos(theta) - f2 * std::sin(theta)) / p.mass * 2.0 / n;
    vy += ((f1 * std::sin(theta) + f2 * std::cos(theta)) / p.mass - p.gravity) * 2.0 / n;
  }
  EXPECT_NEAR(s[2], roll(2.0), 1e-11);
  EXPECT_GT(s[2], 3.0) << "upside down by then";
  EXPECT_NEAR(s[3], vx, 1e-6);
  EXPECT_NEAR(s[4], vy, 1e-6);
}

TEST(PvtolModel, IsLinearAboutHover) {
  const PvtolModel linear(Kind::linear, {}, 10ms);
  const PvtolModel full(Kind::full, {}, 10ms);
  const PvtolState start{0.1, 0.2, 1e-5, 0.0, 0.0, 0.0};

  const PvtolState expected = linear.advance(start, 1e-5, full.hover(), 200ms);
  const PvtolState s = full.advance(start, 1e-5, full.hover(), 200ms);

  for (std::size_t i = 0; i < s.size(); ++i) EXPECT_NEAR(s[i], expected[i], 1e-9) << i;
}

class PvtolModels : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Both, PvtolModels, testing::Values(Kind::linear, Kind::full));

TEST_P(PvtolModels, HoverForEver) {
  const PvtolModel sut(GetParam(), {}, 10ms);

  EXPECT_EQ(sut.advance({}, 0.0, sut.hover(), 9s), PvtolState{});
}

TEST_P(PvtolModels, AdvanceByPartsOfAPeriod) {
  const PvtolModel sut(GetParam(), {}, 10ms);
  const PvtolState start{0.1, -0.2, 0.3, 0.4, 0.5, -0.6};

  const auto parts = sut.advance(sut.advance(start, 2.0, 30.0, 4ms), 2.0, 30.0, 6ms);
  const auto whole = sut.advance(start, 2.0, 30.0, 10ms);

  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(parts[i], whole[i], 1e-12) << i;
}

DiscreteFilter inner_lead() {
  return DiscreteFilter(*discretise({200, 400}, {1, 50}, 0.002, Discretisation::tustin));
}
DiscreteFilter outer_lead() {
  return DiscreteFilter(*discretise({-2, -0.6}, {1, 10}, 0.020, Discretisation::tustin));
}

// The linear aircraft of a sampled loop; the controller looks at all of it.
struct Aircraft {
  explicit Aircraft(std::chrono::nanoseconds step) : substep(step), model(Kind::linear, {}, step) {}
  std::chrono::nanoseconds substep;
  PvtolModel model;
  PvtolState state{};
};
struct Flown {
  Aircraft* aircraft;
  std::size_t place;  // Of the state that is the record's y.
  double output() const { return aircraft->state.at(place); }
  void advance(double f1) {
    aircraft->state =
        aircraft->model.advance(aircraft->state, f1, aircraft->model.hover(), aircraft->substep);
  }
};

class PvtolLoops : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Oracle, PvtolLoops, testing::Values(0, 1));

TEST_P(PvtolLoops, OfRollLandOnTheFiguresAndTheTrajectoryOfTheOracle) {
  const std::string name = format("pvtol_roll_2ms_d{}", GetParam());
  Aircraft aircraft(500us);
  DiscreteFilter inner = inner_lead();

  const auto record = test::run_sampled_loop(
      {.period = 0.002, .substeps = 4, .periods = 1000, .delay = GetParam()}, Flown{&aircraft, 2},
      [&](double theta) { return inner.step(0.1 - theta); });

  test::expect_figures(test::step_metrics(record.t, record.y, 0.1, 0.0), "table_pvtol.csv", name);
  test::expect_rerun(record.y, 0.0005, name);
  test::expect_trajectory(record.y, 0.0005, name + ".csv", "theta");
  test::expect_trajectory(record.u, 0.0005, name + ".csv", "F1", 1e-10);
}

TEST_P(PvtolLoops, OfPositionInTwoRatesLandOnTheFiguresAndTheTrajectoryOfTheOracle) {
  const std::string name = format("pvtol_x_2ms_r10_d{}", GetParam());
  Aircraft aircraft(1ms);
  DiscreteFilter inner = inner_lead(), outer = outer_lead();
  std::size_t k = 0;
  double theta_reference = 0.0;

  const auto record = test::run_sampled_loop(
      {.period = 0.002, .substeps = 2, .periods = 10'000, .delay = GetParam()}, Flown{&aircraft, 0},
      [&](double x) {
        if (k++ % 10 == 0) theta_reference = outer.step(1.0 - x);
        return inner.step(theta_reference - aircraft.state[2]);
      });

  test::expect_figures(test::step_metrics(record.t, record.y, 1.0, 0.0), "table_pvtol.csv", name);
  test::expect_rerun(record.y, 0.001, name);
  test::expect_trajectory(record.y, 0.001, name + ".csv", "x");
  test::expect_trajectory(record.u, 0.001, name + ".csv", "F1", 1e-9);
}

TEST(PvtolNode, PublishesItsStateInTheOrderOfItsModel) {
  test::NodeHarness sut(
      "plant/pvtol",
      {.params = {{"initial_x", 0.1}, {"initial_y", 0.2}, {"initial_theta", 0.3}}, .period = 10ms});
  ASSERT_EQ(sut.error(), nullptr);
  const PvtolModel model(Kind::full, {}, 10ms);
  sut.send("f1", Scalar{2.0});
  sut.send("f2", Scalar{30.0});
  sut.step();
  sut.step();

  const PvtolState expected = model.advance({0.1, 0.2, 0.3, 0, 0, 0}, 2.0, 30.0, 10ms);
  const auto state = sut.sent<StateVector>("state");
  ASSERT_TRUE(state.has_value());
  ASSERT_EQ(state->x.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(state->x[i], expected[i]) << i;
  EXPECT_EQ(sut.sent<Scalar>("x")->value, expected[0]);
  EXPECT_EQ(sut.sent<Scalar>("y")->value, expected[1]);
  EXPECT_EQ(sut.sent<Scalar>("theta")->value, expected[2]);
}

TEST(PvtolNode, CarriesItsWeightUntilItIsTold) {
  test::NodeHarness sut("plant/pvtol", {.params = {{"mass", 2.0}}, .period = 10ms});
  sut.send("f1", Scalar{0.0});
  for (int i = 0; i < 3; ++i) sut.step();
  EXPECT_EQ(sut.sent<Scalar>("y")->value, 0.0);

  sut.send("f2", Scalar{0.0});
  sut.step();
  EXPECT_NEAR(sut.sent<Scalar>("y")->value, -0.5 * 9.8 * 1e-4, 1e-7);
}

TEST(PvtolNode, WorksAtTheLowestParametersAndRefusesWhatLeavesTheRangeOfNumbers) {
  for (const char* model : {"linear", "full"}) {
    test::NodeHarness lowest("plant/pvtol", {.params = {{"model", model},
                                                        {"mass", 1e-6},
                                                        {"inertia", 1e-9},
                                                        {"arm", 0.0},
                                                        {"gravity", 0.0},
                                                        {"damping", 0.0}},
                                             .period = 10ms,
                                             .unconnected = {"f2"}});
    ASSERT_EQ(lowest.error(), nullptr);
    lowest.send("f1", Scalar{1e-6});
    lowest.step();
    lowest.step();
    EXPECT_NEAR(lowest.sent<Scalar>("x")->value, 0.5 * 1e-4, 1e-12) << model;
  }
  test::NodeHarness beyond("plant/pvtol",
                           {.params = {{"arm", 1e308}, {"inertia", 1e-9}}, .period = 10ms});
  ASSERT_NE(beyond.error(), nullptr);
  EXPECT_NE(beyond.error()->text().find("range of numbers"), std::string::npos);
}

}  // namespace
}  // namespace takt::nodes::pvtol_test
