// controller/lqr, the design: published gains, closed forms, the oracle's pitch loop, and processes
// and weights for which there are no gains.
//
//   r = 0.2 rad --> u = nbar r - K x --> delay of d periods --> pitch of an aircraft --> x
#include "nodes/controller/lqr_design.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "nodes/common/matrix_params.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/step_metrics.hpp"

namespace takt::nodes::lqr_design_test {
namespace {

struct Process {
  StateMatrix a{};
  StateNumbers b{};
  std::size_t order = 0;

  DiscreteSystem over(double h) const { return discretise_held(a, b, order, h); }
};

StateMatrix matrix_of(std::string_view text) { return parse_square("m", text)->matrix; }
Process process_of(std::string_view a, std::string_view b) {
  const auto square = parse_square("a", a);
  return {square->matrix, *parse_states("b", b, square->order), square->order};
}

// control-references.md, R3.
Process pole_on_a_cart() {
  const double M = 0.5, m = 0.2, b = 0.1, I = 0.006, g = 9.8, l = 0.3;
  const double p = I * (M + m) + M * m * l * l;
  Process made{.order = 4};
  made.a[0][1] = made.a[2][3] = 1.0;
  made.a[1][1] = -(I + m * l * l) * b / p;
  made.a[1][2] = m * m * g * l * l / p;
  made.a[3][1] = -m * l * b / p;
  made.a[3][2] = m * g * l * (M + m) / p;
  made.b[1] = (I + m * l * l) / p;
  made.b[3] = m * l / p;
  return made;
}

// R5.
Process aircraft_pitch() {
  return process_of("-0.313 56.7 0; -0.0139 -0.426 0; 0 56.7 0", "0.232; 0.0203; 0");
}

void expect_gains(const Result<StateNumbers>& k, const std::vector<double>& published,
                  double half_digit) {
  ASSERT_TRUE(k.ok());
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    EXPECT_NEAR((*k)[i], i < published.size() ? published[i] : 0.0, half_digit) << "gain " << i;
  }
}

TEST(LqrDesign, GivesThePublishedGainsOfThePoleOnACart) {
  const auto system = pole_on_a_cart().over(0.01);

  expect_gains(design_lqr(system, matrix_of("diag(5000 0 100 0)"), 1.0),
               {-61.9933, -33.5040, 95.0597, 18.8300}, 0.5e-4);
  expect_gains(design_lqr(system, matrix_of("diag(1 0 1 0)"), 1.0),
               {-0.9384, -1.5656, 18.0351, 3.3368}, 0.5e-4);
}

TEST(LqrDesign, GivesThePublishedGainsOfTheAircraft) {
  const auto system = aircraft_pitch().over(0.01);

  const auto k = design_lqr(system, matrix_of("diag(0 0 50)"), 1.0);

  ASSERT_TRUE(k.ok());
  EXPECT_NEAR((*k)[0], -0.643638, 0.5e-6);
  EXPECT_NEAR((*k)[1], 168.361, 0.5e-3);
  EXPECT_NEAR((*k)[2], 6.95551, 0.5e-5);
  const auto nbar = reference_gain(system, {0.0, 0.0, 1.0}, *k);
  ASSERT_TRUE(nbar.ok());
  EXPECT_NEAR(*nbar, 6.9555, 0.5e-4);
}

// The cart's position is integrated, so its own gain is that of the reference.
TEST(LqrDesign, GivesAnIntegratedPositionItsOwnGainAsTheReferences) {
  const auto system = pole_on_a_cart().over(0.01);
  const auto k = design_lqr(system, matrix_of("diag(5000 0 100 0)"), 1.0);
  ASSERT_TRUE(k.ok());

  const auto nbar = reference_gain(system, {1.0}, *k);

  ASSERT_TRUE(nbar.ok());
  EXPECT_NEAR(*nbar, (*k)[0], 1e-7);
}

// x(k+1) = f x + g u: the Riccati equation is a quadratic one.
TEST(LqrDesign, OfOneStateIsTheRootOfAQuadraticEquation) {
  for (const double pole : {-2.0, 0.0, 3.0}) {
    const double h = 0.1, q = 5.0, r = 0.7;
    const double f = std::exp(pole * h);
    const double g = 4.0 * (pole == 0.0 ? h : (f - 1.0) / pole);
    const double p = r * (1.0 - f * f) - g * g * q;
    const double x = (-p + std::sqrt(p * p + 4.0 * g * g * q * r)) / (2.0 * g * g);

    const auto sut = design_lqr(process_of(format("{}", pole), "4").over(h), matrix_of("5"), r);

    ASSERT_TRUE(sut.ok());
    EXPECT_NEAR((*sut)[0], g * x * f / (r + g * g * x), 1e-12) << pole;
  }
}

// Every gain that differs from K costs more: the cost of x0 = (1, -1) over a long time.
TEST(LqrDesign, CostsLessThanItsNeighbours) {
  const auto system = process_of("0 1; 2 -0.5", "0; 1").over(0.05);
  const StateMatrix q = matrix_of("3 0.5; 0.5 1");
  const auto sut = design_lqr(system, q, 0.2);
  ASSERT_TRUE(sut.ok());
  const auto cost = [&](StateNumbers k, std::size_t changed, double change) {
    k[changed] += change;
    StateNumbers x{1.0, -1.0};
    double total = 0.0;
    for (int i = 0; i < 4000; ++i) {
      const double u = -product(k, x);
      total += product(x, product(q, x)) + 0.2 * u * u;
      x = product(system.f, x);
      for (std::size_t j = 0; j < 2; ++j) x[j] += system.g[j] * u;
    }
    return total;
  };

  const double best = cost(*sut, 0, 0.0);
  for (const double change : {-0.05, -0.01, 0.01, 0.05}) {
    EXPECT_LT(best, cost(*sut, 0, change));
    EXPECT_LT(best, cost(*sut, 1, change));
  }
}

class LqrPitchLoop : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Oracle, LqrPitchLoop, testing::Values(0, 1));

TEST_P(LqrPitchLoop, LandsOnTheFiguresOfTheOracle) {
  const auto system = aircraft_pitch().over(0.01), fine = aircraft_pitch().over(0.0025);
  const auto gains = design_lqr(system, matrix_of("diag(0 0 50)"), 1.0);
  ASSERT_TRUE(gains.ok());
  const double nbar = *reference_gain(system, {0.0, 0.0, 1.0}, *gains);
  const auto name = format("pitch_lqr_p50_10ms_d{}", GetParam());
  const test::ReferenceTable table("table_pitch.csv"), trajectory(name + ".csv");

  std::vector<double> t, theta, delta, on_the_way(GetParam(), 0.0);
  StateNumbers x{};
  double applied = 0.0;
  const auto log = [&] {
    t.push_back(0.0025 * static_cast<double>(t.size()));
    theta.push_back(x[2]);
    delta.push_back(applied);
  };
  for (int k = 0; k < 1000; ++k) {
    on_the_way.push_back(nbar * 0.2 - product(*gains, x));
    applied = on_the_way.front();
    on_the_way.erase(on_the_way.begin());
    for (int j = 0; j < 4; ++j) {
      log();
      x = product(fine.f, x);
      for (std::size_t i = 0; i < 3; ++i) x[i] += fine.g[i] * applied;
    }
  }
  log();

  const auto m = test::step_metrics(t, theta, 0.2, 0.0);
  const std::size_t row = table.row_of(name);
  EXPECT_NEAR(m.overshoot, table.number(row, "os_pct"), 1e-4);
  EXPECT_NEAR(m.rise, table.number(row, "rise_s"), 1e-5);
  EXPECT_NEAR(m.settle, table.number(row, "settle2_s"), 1e-5);
  EXPECT_NEAR(m.yfinal, table.number(row, "yfinal"), 1e-6);
  EXPECT_NEAR(m.iae, table.number(row, "iae"), 1e-6);
  for (std::size_t i = 0; i < trajectory.size(); ++i) {
    const double at = trajectory.number(i, "t");
    const auto k = static_cast<std::size_t>(std::llround(at / 0.0025));
    EXPECT_NEAR(theta.at(k), trajectory.number(i, "theta"),
                test::printed_tolerance(trajectory.number(i, "theta")))
        << at;
    EXPECT_NEAR(delta.at(k), trajectory.number(i, "delta"),
                test::printed_tolerance(trajectory.number(i, "delta")))
        << at;
  }
}

std::string refusal(const Process& process, std::string_view q, double h = 0.01) {
  const auto sut = design_lqr(process.over(h), matrix_of(q), 1.0);
  return sut ? "none" : sut.error().message;
}
std::string not_stabilisable(int state) {
  return format(
      "the pair a, b is not stabilisable at this period: whatever the input does, state "
      "{} does not come to rest",
      state);
}
std::string not_weighed(int state) {
  return format("q does not weigh what state {} does, which does not come to rest by itself",
                state);
}

TEST(LqrDesign, RefusesAModeThatTheInputDoesNotMove) {
  EXPECT_EQ(refusal(process_of("0.5 0; 0 -1", "0; 1"), "diag(1 1)"), not_stabilisable(1));
  EXPECT_EQ(refusal(process_of("-1 0; 0 0", "1; 0"), "diag(1 1)"), not_stabilisable(2));
  EXPECT_EQ(refusal(process_of("-1 0 0; 0 0 3; 0 -3 0", "1 0 0"), "diag(1 0 0)"),
            not_stabilisable(2));
  EXPECT_EQ(refusal(process_of("0 0; 0 0", "1; 1"), "diag(1 1)"), not_stabilisable(1))
      << "two integrators of one input keep their difference";
  EXPECT_EQ(refusal(process_of("-0.5 0; 0 1", "0; 1"), "diag(1 1)"), "none")
      << "a mode that decays by itself need not be moved";
}

TEST(LqrDesign, RefusesAModeThatIsNotWeighed) {
  EXPECT_EQ(refusal(process_of("0 1; 0 0", "0; 1"), "diag(0 1)"), not_weighed(1));
  EXPECT_EQ(refusal(process_of("-1 0; 0 2", "1; 1"), "diag(1 0)"), not_weighed(2));
  EXPECT_EQ(refusal(process_of("2", "1"), "0"), not_weighed(1));
  EXPECT_EQ(refusal(process_of("-2", "1"), "0"), "none");
}

TEST(LqrDesign, RefusesWhatItsNumbersCannotHold) {
  EXPECT_EQ(refusal(process_of("1e5", "1"), "1"),
            "a and b give numbers beyond all bounds at this period");
}

// Sampled twice in its period, an oscillation stands still for the controller.
TEST(LqrDesign, RefusesAPeriodAtWhichTheInputLosesAMode) {
  const auto oscillator = process_of("0 10; -10 0", "0; 1");
  EXPECT_EQ(refusal(oscillator, "diag(1 1)", std::numbers::pi / 10.0).substr(0, 45),
            not_stabilisable(1).substr(0, 45));
  EXPECT_EQ(refusal(oscillator, "diag(1 1)", 0.1), "none");
}

TEST(LqrDesign, RefusesAnOutputThatCannotBeHeld) {
  const auto system = process_of("0 1; 0 0", "0; 1").over(0.01);
  const auto k = design_lqr(system, matrix_of("diag(1 1)"), 1.0);
  ASSERT_TRUE(k.ok());

  const auto nbar = reference_gain(system, {0.0, 1.0}, *k);

  ASSERT_FALSE(nbar.ok()) << "the speed of what settles on a position is 0";
  EXPECT_EQ(nbar.error().message, "what c names settles on 0 whatever the input is");
}

TEST(AMatrix, IsPositiveSemidefiniteWhenNoDirectionIsNegative) {
  const auto judged = [](std::string_view text) {
    return is_positive_semidefinite(matrix_of(text));
  };
  EXPECT_TRUE(judged("0 0; 0 0"));
  EXPECT_TRUE(judged("1 2; 2 4")) << "of rank one";
  EXPECT_TRUE(judged("2 -1 0; -1 2 -1; 0 -1 2"));
  EXPECT_FALSE(judged("1 0; 0 -1"));
  EXPECT_FALSE(judged("1 2; 2 1"));
  EXPECT_FALSE(judged("0 1; 1 0"));
  EXPECT_FALSE(judged("1 2; 2 3.999"));
}

}  // namespace
}  // namespace takt::nodes::lqr_design_test
