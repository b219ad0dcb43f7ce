// The PID algorithm alone: the oracle's vectors, anti-windup, tracking, manual mode.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <gtest/gtest.h>

#include "nodes/controller/pid_algorithm.hpp"
#include "tests/unit/nodes/pid_vectors.hpp"

namespace takt::nodes::pid_test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

PidSettings proportional_integral() {
  return {.kp = 2.0, .ki = 4.0, .h = 0.01, .limits = {-1.0, 1.0}, .tt = 0.1};
}

TEST(PidAlgorithm, ReproducesTheVectorsOfTheOracle) {
  const test::ReferenceTable vectors("vectors_pid.csv");
  PidAlgorithm sut;

  for (std::size_t row = 0; row < vectors.size(); ++row) {
    if (vectors.number(row, "k") == 0.0) {
      sut = PidAlgorithm(test::vector_settings(vectors.number(row, "set")));
    }
    const double u = sut.step(vectors.number(row, "r"), vectors.number(row, "y"));

    EXPECT_TRUE(test::equals_vector(u, vectors.number(row, "u"))) << "u in row " << row;
    EXPECT_TRUE(test::equals_vector(sut.v(), vectors.number(row, "v"))) << "v in row " << row;
    EXPECT_TRUE(test::equals_vector(sut.integral(), vectors.number(row, "I_after")))
        << "I in row " << row;
  }
}

TEST(PidAlgorithm, StopsIntegratingIntoTheLimitWhenClamping) {
  PidSettings settings = proportional_integral();
  settings.anti_windup = AntiWindup::clamping;
  PidAlgorithm sut(settings);

  for (int i = 0; i < 100; ++i) sut.step(1.0, 0.0);
  EXPECT_EQ(sut.integral(), 0.0);

  sut.step(-0.25, 0.0);
  EXPECT_LT(sut.integral(), 0.0);  // Away from the limit it integrates at once.
}

TEST(PidAlgorithm, WindsUpWithoutAntiWindup) {
  PidSettings settings = proportional_integral();
  settings.anti_windup = AntiWindup::none;
  PidAlgorithm sut(settings);

  for (int i = 0; i < 100; ++i) sut.step(1.0, 0.0);

  EXPECT_NEAR(sut.integral(), 100 * 4.0 * 0.01, 1e-12);
}

TEST(PidAlgorithm, LeadsTheIntegralBackToTheLimit) {
  PidAlgorithm sut(proportional_integral());

  for (int i = 0; i < 1000; ++i) sut.step(1.0, 0.0);

  // In rest: ki*h*e = h/tt*(v - u), so v = u + tt*ki*e = 1.4, and I = v - P.
  EXPECT_NEAR(sut.v(), 1.4, 1e-9);
  EXPECT_NEAR(sut.integral(), -0.6, 1e-9);
}

TEST(PidAlgorithm, IsNotChangedByAnActuatorThatFollows) {
  PidSettings settings = proportional_integral();
  settings.limits = {};
  PidAlgorithm plain(settings);
  PidAlgorithm tracking(settings);

  double applied = 0.0;
  for (int i = 0; i < 50; ++i) {
    const double y = std::sin(0.3 * i);
    const double expected = plain.step(1.0, y);
    const double u = tracking.step(1.0, y, &applied);
    EXPECT_EQ(u, expected) << "in step " << i;
    applied = u;
  }
}

TEST(PidAlgorithm, TakesNothingForAnAnswerBeforeItHasGivenAnOutput) {
  PidAlgorithm sut(proportional_integral());
  const double left_over = 5.0;

  sut.step(0.1, 0.0, &left_over);

  EXPECT_DOUBLE_EQ(sut.integral(), 4.0 * 0.01 * 0.1);
}

TEST(PidAlgorithm, FollowsAnActuatorThatGivesLess) {
  PidSettings settings = proportional_integral();
  settings.limits = {};
  PidAlgorithm sut(settings);

  double applied = 0.0;
  for (int i = 0; i < 1000; ++i) applied = std::min(0.5, sut.step(1.0, 0.0, &applied));

  EXPECT_NEAR(sut.v(), 0.9, 1e-9);  // As with an own limit of 0.5.
}

TEST(PidAlgorithm, ReturnsFromManualWithoutABump) {
  PidSettings settings = proportional_integral();
  settings.kd = 0.2;
  settings.tf = 0.02;
  settings.c = 1.0;
  PidAlgorithm sut(settings);
  sut.step(1.0, 0.2);

  for (int i = 0; i < 200; ++i) sut.manual(1.0, 0.4, 0.3);  // Long enough for D to vanish.
  const double after = sut.step(1.0, 0.4);

  EXPECT_NEAR(after, 0.3, 1e-12);
}

TEST(PidAlgorithm, ReturnsFromManualWithTheChangeOfPAndDAlone) {
  PidSettings settings = proportional_integral();
  settings.kd = 0.2;
  settings.tf = 0.03;
  settings.limits = {};
  PidAlgorithm sut(settings);
  for (int i = 0; i < 200; ++i) sut.manual(1.0, 0.4, 0.3);

  const double after = sut.step(1.0, 0.5);

  const double change_of_p = 2.0 * (0.4 - 0.5);
  const double change_of_d = 0.2 / (0.03 + 0.01) * (0.4 - 0.5);
  EXPECT_NEAR(after - 0.3, change_of_p + change_of_d, 1e-12);
}

TEST(PidAlgorithm, LimitsTheManualCommand) {
  PidAlgorithm sut(proportional_integral());

  EXPECT_EQ(sut.manual(0.0, 0.0, 7.0), 1.0);
  EXPECT_EQ(sut.step(0.0, 0.0), 1.0);  // And starts from what was sent.
}

TEST(PidAlgorithm, KeepsNothingInTheIntegralWithoutIntegralGain) {
  PidSettings settings = proportional_integral();
  settings.ki = 0.0;
  PidAlgorithm sut(settings);

  sut.step(5.0, 0.0);  // Deep in the limit.
  sut.manual(1.0, 0.0, 0.7);

  EXPECT_EQ(sut.integral(), 0.0);
}

TEST(PidAlgorithm, SurvivesANanInManualMode) {
  PidAlgorithm sut(proportional_integral());

  sut.manual(1.0, kNan, 0.3);
  sut.manual(1.0, 0.9, 0.3);

  EXPECT_NEAR(sut.step(1.0, 0.9), 0.3, 1e-12);
}

TEST(PidAlgorithm, GivesANumberAgainAfterANanAndAReset) {
  PidSettings settings = proportional_integral();
  settings.kd = 0.1;
  PidAlgorithm sut(settings);
  sut.step(1.0, 0.5);
  ASSERT_TRUE(std::isnan(sut.step(1.0, kNan)));

  sut.reset();

  EXPECT_NEAR(sut.step(1.0, 0.9), 2.0 * 0.1, 1e-15);  // P alone: no I, no kick of D.
}

TEST(PidAlgorithm, KicksWithTheFirstErrorWhenTheReferenceWeighsInD) {
  PidAlgorithm sut({.kp = 0.0, .kd = 10.0, .h = 0.01, .tf = 0.01, .c = 1.0});

  EXPECT_NEAR(sut.step(1.0, 0.0), 500.0, 1e-10);
}

TEST(PidAlgorithm, DifferentiatesUnfilteredWithATimeConstantOfZero) {
  PidAlgorithm sut({.kp = 0.0, .kd = 0.1, .h = 0.01, .tf = 0.0});

  sut.step(0.0, 0.0);
  EXPECT_NEAR(sut.step(0.0, 0.5), -5.0, 1e-12);
  EXPECT_NEAR(sut.step(0.0, 0.5), 0.0, 1e-12);
}

TEST(PidTrackingTime, IsChosenFromTheGains) {
  EXPECT_DOUBLE_EQ(default_tracking_time({.kp = 2.0, .ki = 4.0, .kd = 0.0, .h = 0.01}), 0.5);
  EXPECT_DOUBLE_EQ(default_tracking_time({.kp = 2.0, .ki = 4.0, .kd = 0.01, .h = 0.01}), 0.05);
  EXPECT_DOUBLE_EQ(default_tracking_time({.kp = -2.0, .ki = -4.0, .h = 0.01}), 0.5);
}

TEST(PidTrackingTime, IsNeverBelowOnePeriod) {
  EXPECT_EQ(default_tracking_time({.kp = 0.0, .ki = 4.0, .h = 0.01}), 0.01);
  EXPECT_EQ(default_tracking_time({.kp = 1.0, .ki = 1e6, .h = 0.01}), 0.01);
  EXPECT_EQ(default_tracking_time({.kp = 1.0, .ki = 0.0, .h = 0.01}), 0.01);
}

}  // namespace
}  // namespace takt::nodes::pid_test
