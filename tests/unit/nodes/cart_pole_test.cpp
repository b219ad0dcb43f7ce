// plant/cart_pole: the equations, and the node around them.
#include <chrono>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/plant/cart_pole_model.hpp"

namespace takt::nodes::cart_pole_test {
namespace {

using namespace std::chrono_literals;
using Kind = CartPoleModel::Kind;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CartPoleModel, HasTheMatricesThatArePublishedForTenMilliseconds) {
  const auto m = CartPoleModel(Kind::linear, {}, 10ms).transition_over(10ms);

  // CTMS: Ad(1,2) and Bd, to the digits that are printed there.
  EXPECT_NEAR(m[0][1], 0.009991, 5e-7);
  EXPECT_NEAR(m[0][4], 9.086e-05, 5e-9);
  EXPECT_NEAR(m[1][4], 0.01817, 5e-6);
  EXPECT_NEAR(m[2][4], 0.0002272, 5e-8);
  EXPECT_NEAR(m[3][4], 0.04544, 5e-6);
}

TEST(CartPoleModel, FallsWithItsPublishedPole) {
  // Poles 5.5651, 0, -0.1428, -5.6041: after 2 s the first one alone is left of the angle.
  const CartPoleModel sut(Kind::linear, {}, 10ms);
  CartPoleState state{0.0, 0.0, 1e-6, 0.0};

  state = sut.advance(state, 0.0, 2s);
  const CartPoleState later = sut.advance(state, 0.0, 100ms);

  EXPECT_NEAR(std::log(later[2] / state[2]) / 0.1, 5.5651, 5e-5);
}

TEST(CartPoleModel, IsLinearForSmallAngles) {
  const CartPoleModel linear(Kind::linear, {}, 10ms);
  const CartPoleModel full(Kind::full, {}, 10ms);
  const CartPoleState start{0.1, 0.0, 1e-5, 0.0};

  const auto expected = linear.advance(start, 1e-4, 100ms);
  const auto state = full.advance(start, 1e-4, 100ms);

  for (std::size_t i = 0; i < state.size(); ++i) EXPECT_NEAR(state[i], expected[i], 1e-11) << i;
}

// Kinetic energy of both bodies and the height of the pole.
double energy(const CartPoleParameters& p, const CartPoleState& s) {
  const double sideways = s[1] - p.length * s[3] * std::cos(s[2]);
  const double upwards = -p.length * s[3] * std::sin(s[2]);
  return 0.5 * p.cart_mass * s[1] * s[1] +
         0.5 * p.pole_mass * (sideways * sideways + upwards * upwards) +
         0.5 * p.inertia * s[3] * s[3] + p.pole_mass * p.gravity * p.length * std::cos(s[2]);
}

TEST(CartPoleModel, KeepsItsEnergyWithoutFrictionWhileThePoleSwingsRound) {
  const CartPoleParameters parameters{.friction = 0.0};
  const CartPoleModel sut(Kind::full, parameters, 10ms);
  CartPoleState state{0.0, 0.0, 0.1, 0.0};
  const double before = energy(parameters, state);

  double furthest = 0.0;
  for (int i = 0; i < 500; ++i) {
    state = sut.advance(state, 0.0, 10ms);
    furthest = std::max(furthest, std::abs(state[2]));
    ASSERT_NEAR(energy(parameters, state), before, 1e-7);
  }

  EXPECT_GT(furthest, 6.0) << "it fell on the other side: the whole circle was seen";
}

TEST(CartPoleModel, LosesEnergyByFriction) {
  const CartPoleParameters parameters;
  const CartPoleModel sut(Kind::full, parameters, 10ms);
  const CartPoleState start{0.0, 0.0, 0.1, 0.0};

  EXPECT_LT(energy(parameters, sut.advance(start, 0.0, 2s)), energy(parameters, start) - 1e-3);
}

class CartPoleModels : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Both, CartPoleModels, testing::Values(Kind::linear, Kind::full));

TEST_P(CartPoleModels, StandUprightForEver) {
  const CartPoleModel sut(GetParam(), {}, 10ms);

  EXPECT_EQ(sut.advance({}, 0.0, 10s), CartPoleState{});
}

TEST_P(CartPoleModels, GiveTheSameBytesForSkippedPeriods) {
  const CartPoleModel sut(GetParam(), {}, 5ms);
  CartPoleState stepped{0.1, -0.2, 0.3, 0.4};
  const CartPoleState skipped = sut.advance(stepped, 2.0, 35ms);

  for (int i = 0; i < 7; ++i) stepped = sut.advance(stepped, 2.0, 5ms);

  EXPECT_EQ(skipped, stepped);
}

TEST_P(CartPoleModels, AdvanceByPartsOfAPeriod) {
  const CartPoleModel sut(GetParam(), {}, 10ms);
  const CartPoleState start{0.1, -0.2, 0.3, 0.4};

  const auto parts = sut.advance(sut.advance(start, 2.0, 4ms), 2.0, 6ms);
  const auto whole = sut.advance(start, 2.0, 10ms);

  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(parts[i], whole[i], 1e-12) << i;
}

TEST_P(CartPoleModels, AreMirrorSymmetric) {
  const CartPoleModel sut(GetParam(), {}, 10ms);

  const auto state = sut.advance({0.1, -0.2, 0.3, 0.4}, 2.0, 500ms);
  const auto mirrored = sut.advance({-0.1, 0.2, -0.3, -0.4}, -2.0, 500ms);

  for (std::size_t i = 0; i < state.size(); ++i) EXPECT_EQ(mirrored[i], -state[i]) << i;
}

class CartPoleNode : public testing::TestWithParam<const char*> {
 protected:
  StateVector state() { return sut_.sent<StateVector>("state").value_or(StateVector{}); }
  void expect_state(const CartPoleState& expected) {
    const StateVector got = state();
    ASSERT_EQ(got.x.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(got.x[i], expected[i]) << i;
  }

  Kind kind_ = std::string(GetParam()) == "linear" ? Kind::linear : Kind::full;
  test::NodeHarness sut_{"plant/cart_pole",
                         {.params = {{"model", GetParam()},
                                     {"initial_position", 0.1},
                                     {"initial_velocity", -0.2},
                                     {"initial_angle", 0.05},
                                     {"initial_rate", 0.02}},
                          .period = 10ms,
                          .adjust = [](NodeConfig& config) {
                            config.inputs.at(0).max_age = 35ms;
                            config.inputs.at(0).on_stale = OnStale::safe;
                          }}};
  CartPoleModel model_{kind_, {}, 10ms};
  CartPoleState expected_{0.1, -0.2, 0.05, 0.02};
};
INSTANTIATE_TEST_SUITE_P(Both, CartPoleNode, testing::Values("linear", "full"));

TEST_P(CartPoleNode, OnlyPublishesTheInitialStateAtFirst) {
  sut_.send("force", Scalar{100.0});
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);

  EXPECT_EQ(sut_.sent<Scalar>("position")->value, 0.1);
  EXPECT_EQ(sut_.sent<Scalar>("angle")->value, 0.05);
  expect_state(expected_);
}

TEST_P(CartPoleNode, AdvancesFromTheReleaseBeforeWithTheNewestForce) {
  sut_.send("force", Scalar{100.0});
  sut_.step();
  sut_.send("force", Scalar{0.7});
  sut_.step();

  expect_state(model_.advance(expected_, 0.7, 10ms));
}

TEST_P(CartPoleNode, IntegratesOverSkippedReleases) {
  sut_.send("force", Scalar{0.7});
  sut_.step();
  sut_.step_after_skipping(2);

  expect_state(model_.advance(expected_, 0.7, 30ms));
}

TEST_P(CartPoleNode, HoldsTheLastFiniteForce) {
  sut_.send("force", Scalar{kNan});
  sut_.step();
  sut_.step();  // 0 N before any finite force.
  expected_ = model_.advance(expected_, 0.0, 10ms);
  for (const double force : {0.7, kNan, kInfinity}) {
    sut_.send("force", Scalar{force});
    sut_.step();
    expected_ = model_.advance(expected_, 0.7, 10ms);
  }

  expect_state(expected_);
}

TEST_P(CartPoleNode, LosesNoTimeWhileItsForceIsStale) {
  sut_.send("force", Scalar{0.7});
  sut_.step();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::went_stale);
  sut_.send("force", Scalar{0.7});
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);

  expect_state(model_.advance(expected_, 0.7, 50ms));
}

TEST_P(CartPoleNode, StartsAgainFromTheInitialStateWhenItLeavesTheRangeOfNumbers) {
  for (int i = 0; i < 400; ++i) {
    sut_.send("force", Scalar{std::numeric_limits<double>::max()});
    sut_.step();
    const auto sent = sut_.sent<StateVector>("state");
    for (std::size_t k = 0; sent && k < 4; ++k) ASSERT_TRUE(std::isfinite(sent->x[k]));
  }
  sut_.node().reset();
  sut_.send("force", Scalar{0.0});
  sut_.step();

  expect_state(expected_);
}

TEST(CartPoleParametersOfTheNode, AreRefusedWhenTheyLeaveTheRangeOfNumbers) {
  test::NodeHarness sut("plant/cart_pole",
                        {.params = {{"gravity", 1e308}, {"length", 1e-6}}, .period = 10ms});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_NE(sut.error()->text().find("range of numbers"), std::string::npos);
}

TEST(CartPoleParametersOfTheNode, WorkAtTheirLowestValues) {
  test::NodeHarness sut("plant/cart_pole", {.params = {{"cart_mass", 1e-6},
                                                       {"pole_mass", 1e-6},
                                                       {"friction", 0.0},
                                                       {"inertia", 0.0},
                                                       {"length", 1e-6},
                                                       {"gravity", 0.0}},
                                            .period = 10ms});
  ASSERT_EQ(sut.error(), nullptr);
  sut.send("force", Scalar{1e-9});
  sut.step();
  sut.step();

  EXPECT_NEAR(sut.sent<Scalar>("position")->value, 0.5 * 1e-9 / 2e-6 * 1e-4, 1e-4);
}

}  // namespace
}  // namespace takt::nodes::cart_pole_test
