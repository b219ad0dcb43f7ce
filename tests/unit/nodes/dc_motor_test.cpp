// The DC motor: its exact discretisation, and the plant contract of its node.
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/plant/dc_motor_model.hpp"

namespace takt::nodes::dc_motor_test {
namespace {

using namespace std::chrono_literals;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(MatrixExponential, RotatesByTheAngleOfASkewMatrix) {
  const auto rotation = matrix_exponential<2>({{{0.0, -3.0}, {3.0, 0.0}}});

  EXPECT_NEAR(rotation[0][0], std::cos(3.0), 1e-14);
  EXPECT_NEAR(rotation[1][0], std::sin(3.0), 1e-14);
  EXPECT_NEAR(rotation[0][1], -std::sin(3.0), 1e-14);
}

TEST(MatrixExponential, IsTheUnitMatrixForZero) {
  EXPECT_EQ(matrix_exponential<2>({}), (Matrix<2>{{{1.0, 0.0}, {0.0, 1.0}}}));
}

TEST(MatrixExponential, IsNotFiniteForAMatrixThatIsNotFinite) {
  EXPECT_FALSE(std::isfinite(matrix_exponential<2>({{{kNan, 0.0}, {0.0, 0.0}}})[0][0]));
  EXPECT_FALSE(std::isfinite(matrix_exponential<2>({{{kInfinity, 0.0}, {0.0, 0.0}}})[0][0]));
}

// c2d(2/((s+9.997)(s+2.003)), 0.05, 'zoh') = 0.0020586 (z+0.8189)/((z-0.9047)(z-0.6066))
TEST(DcMotorModel, HasThePublishedDiscretePolesZeroAndGain) {
  const DcMotorModel sut(DcMotorParameters{}, 50ms);

  const auto m = sut.transition_over(50ms);

  const double trace = m[0][0] + m[1][1];
  const double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
  const double root = std::sqrt(trace * trace / 4.0 - determinant);
  EXPECT_NEAR(trace / 2.0 + root, 0.9047, 5e-5);
  EXPECT_NEAR(trace / 2.0 - root, 0.6066, 5e-5);
  EXPECT_NEAR(m[0][2], 0.0020586, 5e-8);
  EXPECT_NEAR((m[1][1] * m[0][2] - m[0][1] * m[1][2]) / m[0][2], -0.8189, 5e-5);
}

TEST(DcMotorModel, SlowsDownExponentiallyWithoutATorque) {
  const DcMotorModel sut({.k = 0.0}, 10ms);

  EXPECT_NEAR(sut.advance({.speed = 3.0}, 0.0, 10ms).speed, 3.0 * std::exp(-0.1), 1e-15);
}

TEST(DcMotorModel, RaisesTheCurrentLinearlyWithoutResistance) {
  const DcMotorModel sut({.b = 0.0, .k = 0.0, .r = 0.0, .l = 0.5}, 10ms);

  EXPECT_NEAR(sut.advance({}, 12.0, 10ms).current, 12.0 * 0.01 / 0.5, 1e-15);
}

TEST(DcMotorModel, ComesToRestAtTheSpeedOfItsTransferFunction) {
  const DcMotorModel sut(DcMotorParameters{}, 10ms);

  DcMotorState state;
  for (int i = 0; i < 5000; ++i) state = sut.advance(state, 1.0, 10ms);

  EXPECT_NEAR(state.speed, 0.01 / (0.1 * 1.0 + 0.01 * 0.01), 1e-12);
}

TEST(DcMotorModel, IsTheSameInOneIntervalAndInMany) {
  const DcMotorModel coarse(DcMotorParameters{}, 10ms);
  const DcMotorModel fine(DcMotorParameters{}, 100us);

  const auto expected = fine.advance({.speed = 1.0, .current = -2.0}, 5.0, 10ms);
  const auto state = coarse.advance({.speed = 1.0, .current = -2.0}, 5.0, 10ms);

  EXPECT_NEAR(state.speed, expected.speed, 1e-13);
  EXPECT_NEAR(state.current, expected.current, 1e-13);
}

TEST(DcMotorModel, GivesTheSameBytesForSkippedPeriods) {
  const DcMotorModel sut(DcMotorParameters{}, 1ms);
  DcMotorState stepped{.speed = 0.3, .current = 0.7};
  const DcMotorState skipped = sut.advance(stepped, 2.0, 7ms);

  for (int i = 0; i < 7; ++i) stepped = sut.advance(stepped, 2.0, 1ms);

  EXPECT_EQ(skipped.speed, stepped.speed);
  EXPECT_EQ(skipped.current, stepped.current);
}

TEST(DcMotorModel, AdvancesByPartsOfAPeriod) {
  const DcMotorModel sut(DcMotorParameters{}, 1ms);

  const auto half = sut.advance({.current = 1.0}, 2.0, 500us);
  const auto whole = sut.advance(half, 2.0, 500us);

  EXPECT_NEAR(whole.speed, sut.advance({.current = 1.0}, 2.0, 1ms).speed, 1e-15);
}

TEST(DcMotorModel, AdvancesOverAPauseThatIsTooLongForSinglePeriods) {
  const DcMotorModel sut(DcMotorParameters{}, 1ms);

  EXPECT_NEAR(sut.advance({}, 1.0, 1h).speed, 0.01 / 0.1001, 1e-9);
}

TEST(DcMotorModel, StandsStillWhenNoTimePasses) {
  const DcMotorModel sut(DcMotorParameters{}, 1ms);

  EXPECT_EQ(sut.advance({.speed = 1.0}, 5.0, 0ns).speed, 1.0);
}

TEST(DcMotorModel, IsFiniteAtTheLowestParameters) {
  const DcMotorModel sut({.j = 1e-12, .b = 0.0, .k = 0.0, .r = 0.0, .l = 1e-12}, 10ms);

  EXPECT_TRUE(sut.is_finite());
}

TEST(DcMotorModel, KeepsItsSlowModeWhenTheWindingIsVeryFast) {
  const DcMotorModel sut({.k = 0.0, .l = 1e-9}, 10ms);

  EXPECT_NEAR(sut.advance({.speed = 1.0}, 0.0, 10ms).speed, std::exp(-0.1), 1e-8);
}

class DcMotorNode : public testing::Test {
 protected:
  double speed() { return sut_.sent<Scalar>("speed").value_or(Scalar{kNan}).value; }
  double current() { return sut_.sent<Scalar>("current").value_or(Scalar{kNan}).value; }

  test::NodeHarness sut_{"plant/dc_motor",
                         {.params = {{"initial_speed", 2.0}, {"initial_current", 0.5}},
                          .period = 10ms,
                          .adjust = [](NodeConfig& config) {
                            config.inputs.at(0).max_age = 35ms;
                            config.inputs.at(0).on_stale = OnStale::safe;
                          }}};
  DcMotorModel model_{DcMotorParameters{}, 10ms};
  DcMotorState expected_{.speed = 2.0, .current = 0.5};
};

TEST_F(DcMotorNode, OnlyPublishesTheInitialStateAtFirst) {
  sut_.send("voltage", Scalar{100.0});
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);

  EXPECT_EQ(speed(), 2.0);
  EXPECT_EQ(current(), 0.5);
}

TEST_F(DcMotorNode, AdvancesFromTheReleaseBeforeWithTheNewestVoltage) {
  sut_.send("voltage", Scalar{100.0});
  sut_.step();
  sut_.send("voltage", Scalar{7.0});
  sut_.step();

  expected_ = model_.advance(expected_, 7.0, 10ms);
  EXPECT_EQ(speed(), expected_.speed);
  EXPECT_EQ(current(), expected_.current);
}

TEST_F(DcMotorNode, IntegratesOverSkippedReleases) {
  sut_.send("voltage", Scalar{7.0});
  sut_.step();
  sut_.step_after_skipping(2);

  for (int i = 0; i < 3; ++i) expected_ = model_.advance(expected_, 7.0, 10ms);
  EXPECT_EQ(speed(), expected_.speed);
}

TEST_F(DcMotorNode, HoldsTheLastFiniteVoltage) {
  sut_.send("voltage", Scalar{7.0});
  sut_.step();
  for (const double wrong : {kNan, kInfinity}) {
    sut_.send("voltage", Scalar{wrong});
    sut_.step();
    expected_ = model_.advance(expected_, 7.0, 10ms);
  }

  EXPECT_EQ(speed(), expected_.speed);
}

TEST_F(DcMotorNode, TakesZeroVoltsBeforeAnyFiniteVoltage) {
  sut_.send("voltage", Scalar{kNan});
  sut_.step();
  sut_.step();

  expected_ = model_.advance(expected_, 0.0, 10ms);
  EXPECT_EQ(speed(), expected_.speed);
}

TEST_F(DcMotorNode, LosesNoTimeWhileItsVoltageIsStale) {
  sut_.send("voltage", Scalar{7.0});
  sut_.step();  // Age 0.
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);
  }
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::went_stale);
  sut_.send("voltage", Scalar{7.0});
  ASSERT_EQ(sut_.step(), test::NodeHarness::Did::stepped);

  for (int i = 0; i < 5; ++i) expected_ = model_.advance(expected_, 7.0, 10ms);
  EXPECT_EQ(speed(), expected_.speed);
}

TEST_F(DcMotorNode, StartsAgainFromTheInitialStateWhenItLeavesTheRangeOfNumbers) {
  sut_.send("voltage", Scalar{std::numeric_limits<double>::max()});
  sut_.step();
  for (int i = 0; i < 50; ++i) {
    sut_.step();
    const auto sent = sut_.sent<Scalar>("speed");
    EXPECT_TRUE(!sent || std::isfinite(sent->value));
    sut_.send("voltage", Scalar{std::numeric_limits<double>::max()});
  }
  sut_.node().reset();
  sut_.send("voltage", Scalar{0.0});
  sut_.step();

  EXPECT_EQ(speed(), 2.0);
}

TEST(DcMotorParametersOfTheNode, AreRefusedWhenTheyLeaveTheRangeOfNumbers) {
  test::NodeHarness sut("plant/dc_motor", {.params = {{"r", 1e308}, {"l", 1e-12}}, .period = 10ms});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_NE(sut.error()->text().find("range of numbers"), std::string::npos);
}

}  // namespace
}  // namespace takt::nodes::dc_motor_test
