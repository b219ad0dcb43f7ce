// filter/kalman, the algorithm: closed forms, and an independent computation of the same estimates.
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/filter/kalman_params.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::kalman_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

// x(k+1) = f x + w, y = x + v. The variance before a measurement settles on the root of
// p^2 + p (r - f^2 r - q) - q r = 0, the gain on p / (p + r).
TEST(Kalman, OfOneStateSettlesOnTheRootOfAQuadraticEquation) {
  for (const double f : {0.5, 1.0, 1.3}) {
    const double q = 0.3, r = 2.0;
    const double half = 0.5 * (r - f * f * r - q);
    const double p = -half + std::sqrt(half * half + q * r);
    const double gain = p / (p + r);
    KalmanModel model;
    model.system.f[0][0] = f;
    model.q[0][0] = q;
    model.c[0][0] = 1.0;
    model.r[0] = r;
    KalmanFilter sut(model);
    sut.begin({}, identity());
    for (int k = 0; k < 200; ++k) {
      sut.correct(0, 0.0);
      sut.predict(0.0);
    }

    EXPECT_NEAR(sut.deviation(0), std::sqrt(p), 1e-13);
    sut.correct(0, 1.0);
    EXPECT_NEAR(sut.x()[0], gain, 1e-13);
    EXPECT_NEAR(sut.deviation(0), std::sqrt((1.0 - gain) * p), 1e-13);
  }
}

// A body that nothing but white noise accelerates, held over each period: the filter settles on
// the alpha-beta filter of Kalata, "The tracking index", IEEE Trans. AES 20, 1984.
TEST(Kalman, OfConstantSpeedSettlesOnTheAlphaBetaFilter) {
  const double h = 0.1, sigma_w = 3.0, sigma_v = 0.2;
  const double index = sigma_w * h * h / sigma_v;
  const double root = (4.0 + index - std::sqrt(8.0 * index + index * index)) / 4.0;
  const double alpha = 1.0 - root * root;
  const double beta = 2.0 * (2.0 - alpha) - 4.0 * std::sqrt(1.0 - alpha);
  const StateNumbers acceleration{0.5 * h * h, h};
  KalmanModel model;
  model.system.f[0] = {1.0, h};
  model.system.f[1] = {0.0, 1.0};
  model.q = outer(acceleration, acceleration, sigma_w * sigma_w);
  model.c[0] = {1.0};
  model.r[0] = sigma_v * sigma_v;
  KalmanFilter sut(model);
  sut.begin({}, identity());
  for (int k = 0; k < 500; ++k) {
    sut.predict(0.0);
    sut.correct(0, 0.0);
  }

  sut.predict(0.0);
  sut.correct(0, 1.0);

  EXPECT_NEAR(sut.x()[0], alpha, 1e-12);
  EXPECT_NEAR(sut.x()[1], beta / h, 1e-11);
}

// Almost nothing is known at first: the straight line through the measurements by least squares.
TEST(Kalman, WithoutNoiseOfTheProcessIsALineByLeastSquares) {
  KalmanModel model;
  model.system.f[0] = {1.0, 1.0};
  model.system.f[1] = {0.0, 1.0};
  model.c[0] = {1.0};
  model.r[0] = 0.01;
  KalmanFilter sut(model);
  StateMatrix unknown{};
  unknown[0][0] = unknown[1][1] = 1e10;
  sut.begin({}, unknown);
  const std::array<double, 5> y{1.0, 3.0, 2.0, 5.0, 4.0};

  for (std::size_t k = 0; k < y.size(); ++k) {
    if (k > 0) sut.predict(0.0);
    sut.correct(0, y[k]);
  }

  // Slope 0.8 and mean 3 at the middle; deviations sigma/sqrt(10) and sigma sqrt(1/5 + 4/10).
  EXPECT_NEAR(sut.x()[0], 3.0 + 2 * 0.8, 1e-5);
  EXPECT_NEAR(sut.x()[1], 0.8, 1e-5);
  EXPECT_NEAR(sut.deviation(0), 0.1 * std::sqrt(0.6), 1e-6);
  EXPECT_NEAR(sut.deviation(1), 0.1 / std::sqrt(10.0), 1e-6);
}

// Speed as the integral of white noise of density s: s [h^3/3 h^2/2; h^2/2 h].
TEST(AccumulatedNoise, OfADoubleIntegratorHasItsClosedForm) {
  StateMatrix a{}, q{};
  a[0][1] = 1.0;
  q[1][1] = 0.7;
  for (const double h : {0.001, 0.1, 50.0}) {
    const StateMatrix sut = accumulated_noise(a, q, h);
    EXPECT_NEAR(sut[0][0], 0.7 * h * h * h / 3, 1e-13 * h * h * h);
    EXPECT_NEAR(sut[0][1], 0.7 * h * h / 2, 1e-13 * h * h);
    EXPECT_NEAR(sut[1][0], 0.7 * h * h / 2, 1e-13 * h * h);
    EXPECT_NEAR(sut[1][1], 0.7 * h, 1e-13 * h);
  }
}

// x' = -x/T: s T/2 (1 - e^(-2h/T)), also when a period is many time constants.
TEST(AccumulatedNoise, OfALagHasItsClosedForm) {
  for (const double pole : {0.1, 10.0, 1e6}) {
    StateMatrix a{}, q{};
    a[0][0] = -pole;
    q[0][0] = 3.0;
    const double expected = 3.0 / (2 * pole) * -std::expm1(-2 * pole * 0.1);
    EXPECT_NEAR(accumulated_noise(a, q, 0.1)[0][0], expected, 1e-9 * expected) << pole;
  }
}

// Made with mpmath in 50 digits: each row is the mean of the state at k under the condition of all
// measurements up to k, from the joint normal distribution of all of them in one linear system; no
// recursion, the noise over a period by quadrature. The second sensor comes in two of three steps.
//
//   x' = [0 1 0; -2 -0.5 0; 0 0 -0.1] x + [0 3 0]' u + w,  y1 = x1, y2 = x2 + x3,  h = 20 ms
TEST(Kalman, AgreesWithTheConditionalMeansOfAnIndependentComputation) {
  test::NodeHarness sut("filter/kalman", {.params = {{"a", "0 1 0; -2 -0.5 0; 0 0 -0.1"},
                                                     {"b", "0 3 0"},
                                                     {"c", "1 0 0; 0 1 1"},
                                                     {"q", "diag(0, 0.4, 0.05)"},
                                                     {"r", "0.01 0.04"},
                                                     {"p0", "diag(1, 2, 0.25)"},
                                                     {"x0", "0.5 0 0"}},
                                          .period = 20ms,
                                          .unconnected = {"y3", "y4"}});
  ASSERT_EQ(sut.error(), nullptr);
  std::ifstream file(test::data_folder() + "/kalman_batch.csv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const auto cells = split(line, ',');
    ASSERT_EQ(cells.size(), 10U);
    sut.send("u", Scalar{std::stod(cells[1])});
    sut.send("y1", Scalar{std::stod(cells[2])});
    if (!cells[3].empty()) sut.send("y2", Scalar{std::stod(cells[3])});

    ASSERT_EQ(sut.step(), Did::stepped);

    const auto state = sut.sent<StateVector>("state");
    const auto deviation = sut.sent<StateVector>("deviation");
    ASSERT_TRUE(state.has_value());
    ASSERT_EQ(state->x.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(state->x[i], std::stod(cells[4 + i]), 1e-12) << line << " state " << i;
      EXPECT_NEAR(deviation->x[i], std::stod(cells[7 + i]), 1e-12) << line << " state " << i;
    }
  }
  EXPECT_EQ(rows, 25);
}

}  // namespace
}  // namespace takt::nodes::kalman_test
