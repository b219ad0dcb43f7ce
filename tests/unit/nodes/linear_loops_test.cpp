// Published loops around plant/state_space against the oracle's figures (control-references.md).
//
//   cruise (R2)  r = 10 m/s   --> PI (800, 40) or P (600) --> delay --> 1/(1000 s + 50)
//   pitch  (R5)  r = 0.2 rad  --> u = nbar r - K x        --> delay --> three states
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/controller/pid_algorithm.hpp"
#include "nodes/plant/state_space_model.hpp"
#include "tests/unit/nodes/oracle_figures.hpp"
#include "tests/unit/nodes/sampled_loop.hpp"

namespace takt::nodes::linear_loops_test {
namespace {

using namespace std::chrono_literals;

// The plant of a sampled loop, which stays visible to a controller that sees the whole state.
class LinearPlant {
 public:
  LinearPlant(const StateSpaceMatrices& matrices, std::chrono::nanoseconds substep)
      : model_(matrices, substep), substep_(substep) {}
  const PlantState& state() const { return x_; }
  double output() const { return model_.output(x_, {}); }
  void advance(double u) { x_ = model_.advance(x_, {u, 0.0}, substep_); }

 private:
  StateSpaceModel model_;
  std::chrono::nanoseconds substep_;
  PlantState x_{};
};

struct Seen {
  LinearPlant* plant;
  double output() const { return plant->output(); }
  void advance(double u) { plant->advance(u); }
};

constexpr double kCruiseReference = 10.0;

StateSpaceMatrices cruise() {
  StateSpaceMatrices m{.states = 1};
  m.a[0][0] = -50.0 / 1000.0;
  m.b[0][0] = 1.0 / 1000.0;
  m.c[0] = 1.0;
  return m;
}

test::LoopRecord run_cruise(std::size_t delay, double kp, double ki) {
  LinearPlant plant(cruise(), 5ms);
  PidAlgorithm pid({.kp = kp, .ki = ki, .h = 0.02});
  return test::run_sampled_loop({.period = 0.02, .substeps = 4, .periods = 1500, .delay = delay},
                                Seen{&plant},
                                [&](double y) { return pid.step(kCruiseReference, y); });
}

class CruiseLoop : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Oracle, CruiseLoop, testing::Values(0, 1, 2));

TEST_P(CruiseLoop, LandsOnTheFiguresAndTheTrajectoryOfTheOracle) {
  const std::string name = format("cruise_pi_20ms_d{}", GetParam());

  const auto record = run_cruise(GetParam(), 800, 40);

  test::expect_figures(test::step_metrics(record.t, record.y, kCruiseReference, 0.0),
                       "table_cruise.csv", name);
  test::expect_rerun(record.y, 0.005, name);
  test::expect_trajectory(record.y, 0.005, name + ".csv", "y");
  test::expect_trajectory(record.u, 0.005, name + ".csv", "u", 1e-9);
}

TEST(CruiseLoopWithoutIntegral, EndsAtItsPublishedSpeed) {
  const auto record = run_cruise(0, 600, 0);

  test::expect_figures(test::step_metrics(record.t, record.y, kCruiseReference, 0.0),
                       "table_cruise.csv", "cruise_p600_20ms_d0");
  test::expect_trajectory(record.y, 0.005, "cruise_p600_20ms_d0.csv", "y");
  EXPECT_NEAR(record.y.back(), 10.0 * 600.0 / 650.0, 1e-7);
}

// config/graphs/cruise_pi.yaml in one thread: car -> cruise_pi -> engine -> car.
TEST(CruiseNodes, GiveTheRowWithoutDelayWhenTheirChainCompletesWithinThePeriod) {
  test::NodeHarness car("plant/state_space",
                        {.params = {{"a", "-0.05"}, {"b", "0.001"}, {"c", "1"}},
                         .period = 20ms,
                         .unconnected = {"u2"}});
  test::NodeHarness pid("controller/pid", {.params = {{"kp", 800.0}, {"ki", 40.0}},
                                           .period = 20ms,
                                           .unconnected = {"tracking", "manual", "manual_active"}});
  ASSERT_EQ(car.error(), nullptr);
  ASSERT_EQ(pid.error(), nullptr);
  const auto expected = run_cruise(0, 800, 40);

  Scalar u{0.0};
  for (std::size_t k = 0; k < 1500; ++k) {
    car.send("u1", u);
    car.step();
    const auto y = car.sent<Scalar>("output");
    ASSERT_TRUE(y.has_value());
    ASSERT_NEAR(y->value, expected.y.at(4 * k), 1e-9) << "in period " << k;
    pid.send("measurement", *y);
    pid.send("reference", Scalar{kCruiseReference});
    pid.step();
    u = pid.sent<Scalar>("output").value_or(Scalar{std::nan("")});
  }
}

constexpr double kPitchReference = 0.2;
// dlqr with Q = 50 C'C, R = 1 (published -0.6436 168.3611 6.9555), computed with 60 digits.
constexpr std::array<double, 3> kPitchGains{-0.6436378239556254, 168.36111832099039,
                                            6.955510503310588};
constexpr double kPitchNbar = 6.955510503310588;

StateSpaceMatrices pitch() {
  StateSpaceMatrices m{.states = 3};
  m.a[0] = {-0.313, 56.7, 0.0};
  m.a[1] = {-0.0139, -0.426, 0.0};
  m.a[2] = {0.0, 56.7, 0.0};
  m.b[0][0] = 0.232;
  m.b[1][0] = 0.0203;
  m.c = {0.0, 0.0, 1.0};
  return m;
}

test::LoopRecord run_pitch(std::size_t delay) {
  LinearPlant plant(pitch(), 2500us);
  return test::run_sampled_loop({.period = 0.01, .substeps = 4, .periods = 1000, .delay = delay},
                                Seen{&plant}, [&](double) {
                                  double u = kPitchNbar * kPitchReference;
                                  for (std::size_t i = 0; i < kPitchGains.size(); ++i) {
                                    u -= kPitchGains.at(i) * plant.state().at(i);
                                  }
                                  return u;
                                });
}

TEST(PitchPlant, HasTheMatricesThatArePublishedForTenMilliseconds) {
  const auto m = StateSpaceModel(pitch(), 10ms).transition_over(10ms);

  EXPECT_NEAR(m[0][0], 0.9968, 5e-5);
  EXPECT_NEAR(m[0][1], 0.5649, 5e-5);
  EXPECT_NEAR(m[0][kStatesMax], 0.002374, 5e-7);
  EXPECT_NEAR(m[1][kStatesMax], 0.0002024, 5e-8);
  EXPECT_NEAR(m[2][kStatesMax], 5.744e-05, 5e-9);
}

class PitchLoop : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Oracle, PitchLoop, testing::Values(0, 1));

TEST_P(PitchLoop, LandsOnTheFiguresAndTheTrajectoryOfTheOracle) {
  const std::string name = format("pitch_lqr_p50_10ms_d{}", GetParam());

  const auto record = run_pitch(GetParam());

  test::expect_figures(test::step_metrics(record.t, record.y, kPitchReference, 0.0),
                       "table_pitch.csv", name);
  test::expect_rerun(record.y, 0.0025, name);
  test::expect_trajectory(record.y, 0.0025, name + ".csv", "theta");
  test::expect_trajectory(record.u, 0.0025, name + ".csv", "delta", 1e-11);
}

// config/graphs/pitch.yaml in one thread: aircraft -> autopilot -> elevator -> aircraft.
TEST(PitchNodes, GiveTheRowWithoutDelayWhenTheirChainCompletesWithinThePeriod) {
  test::NodeHarness aircraft("plant/state_space",
                             {.params = {{"a", "-0.313 56.7 0; -0.0139 -0.426 0; 0 56.7 0"},
                                         {"b", "0.232; 0.0203; 0"},
                                         {"c", "0 0 1"}},
                              .period = 10ms,
                              .unconnected = {"u2"}});
  test::NodeHarness autopilot("controller/state_feedback", {.params = {{"k1", kPitchGains[0]},
                                                                       {"k2", kPitchGains[1]},
                                                                       {"k3", kPitchGains[2]},
                                                                       {"nbar", kPitchNbar}},
                                                            .period = 10ms});
  ASSERT_EQ(aircraft.error(), nullptr);
  ASSERT_EQ(autopilot.error(), nullptr);
  const auto expected = run_pitch(0);

  Scalar u{0.0};
  for (std::size_t k = 0; k < 1000; ++k) {
    aircraft.send("u1", u);
    aircraft.step();
    const auto state = aircraft.sent<StateVector>("state");
    ASSERT_TRUE(state.has_value());
    ASSERT_EQ(state->x.size(), 3U);
    ASSERT_NEAR(state->x[2], expected.y.at(4 * k), 1e-9) << "in period " << k;
    autopilot.send("reference", Scalar{kPitchReference});
    autopilot.send("state", *state);
    autopilot.step();
    u = autopilot.sent<Scalar>("output").value_or(Scalar{std::nan("")});
  }
}

}  // namespace
}  // namespace takt::nodes::linear_loops_test
