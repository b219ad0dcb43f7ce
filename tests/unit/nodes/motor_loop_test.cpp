// The published motor speed loop (control-references.md, R1) against the oracle's figures.
//
//   r = 1 rad/s --> PID (100, 200, 10, tf 10 ms, b = c = 1) --> delay of d periods --> DC motor
#include <chrono>
#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/controller/pid_algorithm.hpp"
#include "nodes/plant/dc_motor_model.hpp"
#include "tests/support/step_metrics.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/unit/nodes/sampled_loop.hpp"

namespace takt::nodes::motor_loop_test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kSubstep = 500us;

class Motor {
 public:
  double output() const { return state_.speed; }
  void advance(double u) { state_ = model_.advance(state_, u, kSubstep); }

 private:
  DcMotorModel model_{DcMotorParameters{}, kSubstep};
  DcMotorState state_;
};

struct Case {
  int period_ms;
  std::size_t delay;
};

test::LoopRecord run_motor_loop(const Case& c) {
  const double period = 1e-3 * c.period_ms;
  PidAlgorithm pid({.kp = 100, .ki = 200, .kd = 10, .h = period, .tf = 0.01, .c = 1});
  return test::run_sampled_loop({.period = period,
                                 .substeps = static_cast<std::size_t>(2 * c.period_ms),
                                 .periods = static_cast<std::size_t>(4000 / c.period_ms),
                                 .delay = c.delay},
                                Motor(), [&](double y) { return pid.step(1.0, y); });
}

class MotorSpeedLoop : public testing::TestWithParam<Case> {
 protected:
  std::string name() const {
    return format("motor_speed_pid_{}ms_d{}", GetParam().period_ms, GetParam().delay);
  }
};

TEST_P(MotorSpeedLoop, LandsOnTheFiguresOfTheOracle) {
  const test::ReferenceTable table("table_linear.csv");
  const std::size_t row = table.row_of(name());

  const auto record = run_motor_loop(GetParam());

  const auto m = test::step_metrics(record.t, record.y, 1.0, 0.0);
  EXPECT_NEAR(m.overshoot, table.number(row, "os_pct"), 1e-4);
  EXPECT_NEAR(m.rise, table.number(row, "rise_s"), 1e-5);
  EXPECT_NEAR(m.settle, table.number(row, "settle2_s"), 1e-5);
  EXPECT_NEAR(m.yfinal, table.number(row, "yfinal"), 1e-6);
  EXPECT_NEAR(m.peak, table.number(row, "peak"), 1e-6);
  EXPECT_NEAR(m.tpeak, table.number(row, "tpeak_s"), 1e-5);
  EXPECT_NEAR(m.iae, table.number(row, "iae"), 1e-6);
}

TEST_P(MotorSpeedLoop, FollowsTheTrajectoryOfTheOracle) {
  const test::ReferenceTable trajectory(name() + ".csv");

  const auto record = run_motor_loop(GetParam());

  for (std::size_t row = 0; row < trajectory.size(); ++row) {
    const double t = trajectory.number(row, "t");
    const auto i = static_cast<std::size_t>(std::llround(t / 0.0005));
    const double y = trajectory.number(row, "y");
    const double u = trajectory.number(row, "u");
    EXPECT_NEAR(record.y.at(i), y, test::printed_tolerance(y)) << "y at " << t;
    EXPECT_NEAR(record.u.at(i), u, test::printed_tolerance(u)) << "u at " << t;
  }
}

INSTANTIATE_TEST_SUITE_P(Oracle, MotorSpeedLoop,
                         testing::Values(Case{10, 0}, Case{10, 1}, Case{10, 2}, Case{1, 0},
                                         Case{1, 1}, Case{1, 2}),
                         [](const auto& case_info) {
                           return format("{}ms_d{}", case_info.param.period_ms,
                                         case_info.param.delay);
                         });

TEST(MotorSpeedNodes, GiveTheRowWithoutDelayWhenTheirChainCompletesWithinThePeriod) {
  test::NodeHarness motor("plant/dc_motor", {.period = 10ms});
  test::NodeHarness pid("controller/pid",
                        {.params = {{"kp", 100.0}, {"ki", 200.0}, {"kd", 10.0}, {"c", 1.0}},
                         .period = 10ms,
                         .unconnected = {"tracking", "manual", "manual_active"}});
  ASSERT_EQ(motor.error(), nullptr);
  ASSERT_EQ(pid.error(), nullptr);
  const auto expected = run_motor_loop({.period_ms = 10, .delay = 0});

  Scalar u{0.0};
  for (std::size_t k = 0; k < 400; ++k) {
    motor.send("voltage", u);
    motor.step();
    const auto y = motor.sent<Scalar>("speed");
    ASSERT_TRUE(y.has_value());
    EXPECT_NEAR(y->value, expected.y.at(20 * k), 1e-9) << "in period " << k;
    pid.send("measurement", *y);
    pid.send("reference", Scalar{1.0});
    pid.step();
    const auto sent = pid.sent<Scalar>("output");
    ASSERT_TRUE(sent.has_value());
    u = *sent;
  }
}

}  // namespace
}  // namespace takt::nodes::motor_loop_test
