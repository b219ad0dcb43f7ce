// controller/pid as a node: what it sends, refuses, holds and forgets.
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "tests/unit/nodes/pid_vectors.hpp"

namespace takt::nodes::pid_node_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> kOptionalInputs{"tracking", "manual", "manual_active"};

Json params_of(const PidSettings& s) {
  return {{"kp", s.kp},
          {"ki", s.ki},
          {"kd", s.kd},
          {"tf", s.tf},
          {"b", s.b},
          {"c", s.c},
          {"umin", s.limits.min},
          {"umax", s.limits.max},
          {"tt", s.anti_windup == AntiWindup::none ? 0.0 : s.tt},
          {"anti_windup", s.anti_windup == AntiWindup::none ? "none" : "back_calculation"}};
}

// One release with these samples; none when nothing was sent.
std::optional<double> answer(test::NodeHarness& sut, double r, double y) {
  sut.send("reference", Scalar{r});
  sut.send("measurement", Scalar{y});
  sut.step();
  const auto sent = sut.sent<Scalar>("output");
  return sent ? std::optional(sent->value) : std::nullopt;
}

TEST(PidNode, SendsTheVectorsOfTheOracle) {
  const test::ReferenceTable vectors("vectors_pid.csv");
  std::optional<test::NodeHarness> sut;

  for (std::size_t row = 0; row < vectors.size(); ++row) {
    if (vectors.number(row, "k") == 0.0) {
      const auto settings = test::vector_settings(vectors.number(row, "set"));
      const auto period = std::chrono::nanoseconds(std::llround(settings.h * 1e9));
      sut.emplace("controller/pid", test::HarnessOptions{.params = params_of(settings),
                                                         .period = period,
                                                         .unconnected = kOptionalInputs});
      ASSERT_EQ(sut->error(), nullptr);
    }
    const auto u = answer(*sut, vectors.number(row, "r"), vectors.number(row, "y"));

    ASSERT_TRUE(u.has_value()) << "in row " << row;
    EXPECT_TRUE(test::equals_vector(*u, vectors.number(row, "u"))) << "in row " << row;
  }
}

TEST(PidNode, IsAProportionalControllerOfGainOneByDefault) {
  test::NodeHarness sut("controller/pid", {.period = 10ms, .unconnected = kOptionalInputs});

  for (int i = 0; i < 3; ++i) EXPECT_EQ(answer(sut, 1e9, 0.5), 1e9 - 0.5);  // No limit either.
}

TEST(PidNode, RefusesToRunWithoutAPeriod) {
  test::NodeHarness sut("controller/pid", {.unconnected = kOptionalInputs});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "a PID controller needs a period");
}

TEST(PidNode, RefusesLimitsThatLeaveNoValue) {
  test::NodeHarness sut(
      "controller/pid",
      {.params = {{"umin", 2.0}, {"umax", 1.0}}, .period = 10ms, .unconnected = kOptionalInputs});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "umin is 2 and umax is 1: no value lies between them");
}

TEST(PidNode, AcceptsLimitsThatLeaveOneValue) {
  test::NodeHarness sut(
      "controller/pid",
      {.params = {{"umin", 2.0}, {"umax", 2.0}}, .period = 10ms, .unconnected = kOptionalInputs});

  EXPECT_EQ(answer(sut, -5.0, 0.0), 2.0);
}

TEST(PidNode, RefusesATrackingTimeBelowItsPeriod) {
  const auto error_with = [](double tt) {
    test::NodeHarness sut("controller/pid",
                          {.params = {{"tt", tt}}, .period = 10ms, .unconnected = kOptionalInputs});
    return sut.error() == nullptr ? std::string{} : sut.error()->message;
  };

  EXPECT_EQ(error_with(0.005),
            "tt is 0.005 s and the period 0.01 s: the integral would overshoot its aim");
  EXPECT_EQ(error_with(0.01), "");
}

TEST(PidNode, RefusesManualModeWithoutAManualInput) {
  test::NodeHarness sut(
      "controller/pid",
      {.params = {{"mode", "manual"}}, .period = 10ms, .unconnected = kOptionalInputs});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "mode is manual, but the input `manual` is not connected");
}

TEST(PidNode, SendsNothingForANanAndIsSoundAgainAtOnce) {
  test::NodeHarness sut("controller/pid", {.params = {{"kp", 2.0}, {"ki", 100.0}, {"kd", 1.0}},
                                           .period = 10ms,
                                           .unconnected = kOptionalInputs});
  ASSERT_TRUE(answer(sut, 1.0, 0.0).has_value());

  EXPECT_EQ(answer(sut, 1.0, kNan), std::nullopt);
  EXPECT_EQ(answer(sut, kNan, 0.0), std::nullopt);
  EXPECT_EQ(answer(sut, 1.0, 0.0), 2.0);  // P alone.
}

TEST(PidNode, DoesNotTakeTheChangeOverAGapForAChangeOverOnePeriod) {
  test::NodeHarness sut("controller/pid",
                        {.params = {{"kp", 0.0}, {"kd", 1.0}, {"tf", 0.0}},
                         .period = 10ms,
                         .unconnected = kOptionalInputs,
                         .adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 15ms; }});
  ASSERT_EQ(answer(sut, 0.0, 1.0), -100.0);  // The first D counts from 0.
  sut.step();
  ASSERT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(sut.sent<Scalar>("output")->value, 0.0);  // Of the step before the gap.

  EXPECT_EQ(answer(sut, 0.0, 5.0), 0.0);
  EXPECT_EQ(answer(sut, 0.0, 6.0), -100.0);
}

TEST(PidNode, KeepsItsIntegralOverAGap) {
  test::NodeHarness sut("controller/pid",
                        {.params = {{"kp", 0.0}, {"ki", 100.0}},
                         .period = 10ms,
                         .unconnected = kOptionalInputs,
                         .adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 15ms; }});
  answer(sut, 1.0, 0.0);
  ASSERT_EQ(sut.step(), Did::stepped);  // I = 2: two steps with an error of 1.
  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_DOUBLE_EQ(answer(sut, 1.0, 1.0).value_or(kNan), 2.0);
}

class PidNodeInManualMode : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(sut_.error(), nullptr); }
  void switch_manual(double active) { sut_.send("manual_active", Scalar{active}); }
  void command(double value) { sut_.send("manual", Scalar{value}); }

  test::NodeHarness sut_{"controller/pid",
                         {.params = {{"kp", 2.0}, {"ki", 4.0}, {"umin", -1.0}, {"umax", 1.0}},
                          .period = 10ms,
                          .unconnected = {"tracking"}}};
};

TEST_F(PidNodeInManualMode, SendsTheCommandWithinTheLimits) {
  switch_manual(1.0);
  command(0.7);
  EXPECT_EQ(answer(sut_, 0.0, 0.5), 0.7);
  command(3.0);
  EXPECT_EQ(answer(sut_, 0.0, 0.5), 1.0);
}

TEST_F(PidNodeInManualMode, ReturnsToAutomaticWithoutABump) {
  switch_manual(1.0);
  command(0.7);
  ASSERT_EQ(answer(sut_, 0.0, 0.5), 0.7);
  switch_manual(0.0);

  EXPECT_NEAR(answer(sut_, 0.0, 0.5).value_or(kNan), 0.7, 1e-15);
  EXPECT_NEAR(answer(sut_, 0.0, 0.5).value_or(kNan), 0.7 - 4.0 * 0.01 * 0.5, 1e-15);
}

TEST_F(PidNodeInManualMode, HoldsTheOutputBeforeWithoutAUsableCommand) {
  const auto before = answer(sut_, 0.1, 0.0);
  switch_manual(1.0);
  EXPECT_EQ(answer(sut_, 0.4, 0.0), before);
  command(kNan);
  EXPECT_EQ(answer(sut_, 0.4, 0.0), before);
}

TEST_F(PidNodeInManualMode, KeepsItsModeWhenTheSwitchIsNotANumber) {
  switch_manual(1.0);
  command(0.7);
  answer(sut_, 0.0, 0.5);
  switch_manual(kNan);

  EXPECT_EQ(answer(sut_, 0.0, 0.1), 0.7);
}

TEST_F(PidNodeInManualMode, IsAutomaticBeforeTheSwitchWasEverSeen) {
  command(0.7);

  EXPECT_EQ(answer(sut_, 0.0, 0.1), -0.2);
}

TEST(PidNodeWithModeManual, SendsTheManualInputForGood) {
  test::NodeHarness sut("controller/pid", {.params = {{"mode", "manual"}},
                                           .period = 10ms,
                                           .unconnected = {"tracking", "manual_active"}});
  sut.send("manual", Scalar{-0.3});

  EXPECT_EQ(answer(sut, 5.0, 0.0), -0.3);
}

TEST(PidNodeWithTracking, LetsTheActuatorsLimitLeadTheIntegral) {
  test::NodeHarness sut("controller/pid", {.params = {{"kp", 2.0}, {"ki", 4.0}, {"tt", 0.1}},
                                           .period = 10ms,
                                           .unconnected = {"manual", "manual_active"}});
  double u = 0.0;
  for (int i = 0; i < 1000; ++i) {
    sut.send("tracking", Scalar{std::min(0.5, u)});
    u = answer(sut, 1.0, 0.0).value_or(kNan);
  }

  EXPECT_NEAR(u, 0.9, 1e-9);  // Actuator's limit plus tt*ki*e, instead of winding up to 42.
}

TEST(PidNodeWithTracking, FallsBackToItsOwnLimitWhenTheActuatorsAnswerIsNotANumber) {
  test::NodeHarness sut("controller/pid",
                        {.params = {{"kp", 2.0}, {"ki", 4.0}, {"tt", 0.1}, {"umax", 1.0}},
                         .period = 10ms,
                         .unconnected = {"manual", "manual_active"}});
  for (int i = 0; i < 1000; ++i) {
    sut.send("tracking", Scalar{kNan});
    ASSERT_EQ(answer(sut, 1.0, 0.0), 1.0);
  }

  // I rested at 1.4 - 2, so an error of 0.5 gives 1 - 0.6.
  EXPECT_NEAR(answer(sut, 0.5, 0.0).value_or(kNan), 0.4, 1e-9);
}

}  // namespace
}  // namespace takt::nodes::pid_node_test
