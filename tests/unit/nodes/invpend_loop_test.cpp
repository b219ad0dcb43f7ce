// The published inverted pendulum under state feedback (control-references.md, R3) against the
// oracle's figures.
//
//   r = 0.2 m --> u = nbar r - K x --> delay of d periods --> pole on a cart --> x every 10 ms
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/plant/cart_pole_model.hpp"
#include "tests/support/step_metrics.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::invpend_loop_test {
namespace {

using namespace std::chrono_literals;

constexpr double kReference = 0.2;
constexpr double kNbar = -61.55;
constexpr std::array<double, 4> kGains{-61.9933, -33.5040, 95.0597, 18.8300};

double control(const CartPoleState& x) {
  double u = kNbar * kReference;
  for (std::size_t i = 0; i < x.size(); ++i) u -= kGains[i] * x[i];
  return u;
}

struct PoleRecord {
  std::vector<double> t, position, angle, u;
  double angle_max = 0.0;
};

// 5 s; a sample of the record every substep.
PoleRecord run_pole_loop(CartPoleModel::Kind kind, std::chrono::nanoseconds substep,
                         std::size_t delay) {
  const CartPoleModel model(kind, {}, substep);
  const auto substeps = static_cast<std::size_t>(10ms / substep);
  PoleRecord record;
  CartPoleState x{};
  std::deque<double> on_the_way(delay, 0.0);
  double applied = 0.0;
  const auto log = [&] {
    const auto h = std::chrono::duration<double>(substep).count();
    record.t.push_back(static_cast<double>(record.t.size()) * h);
    record.position.push_back(x[0]);
    record.angle.push_back(x[2]);
    record.u.push_back(applied);
    record.angle_max = std::max(record.angle_max, std::abs(x[2]));
  };
  for (int k = 0; k < 500; ++k) {
    on_the_way.push_back(control(x));
    applied = on_the_way.front();
    on_the_way.pop_front();
    for (std::size_t j = 0; j < substeps; ++j) {
      log();
      x = model.advance(x, applied, substep);
    }
  }
  log();
  return record;
}

class PoleLoop : public testing::TestWithParam<std::size_t> {
 protected:
  std::string name() const { return format("invpend_lqr_10ms_d{}_x", GetParam()); }
  PoleRecord record_ = run_pole_loop(CartPoleModel::Kind::linear, 2ms, GetParam());
};

TEST_P(PoleLoop, LandsOnTheFiguresOfTheOracle) {
  const test::ReferenceTable table("table_invpend.csv");
  const std::size_t row = table.row_of(name());

  const auto m = test::step_metrics(record_.t, record_.position, kReference, 0.0);

  EXPECT_NEAR(m.overshoot, table.number(row, "os_pct"), 1e-4);
  EXPECT_NEAR(m.rise, table.number(row, "rise_s"), 1e-5);
  EXPECT_NEAR(m.settle, table.number(row, "settle2_s"), 1e-5);
  EXPECT_NEAR(m.yfinal, table.number(row, "yfinal"), 1e-6);
  EXPECT_NEAR(m.peak, table.number(row, "peak"), 1e-6);
  EXPECT_NEAR(m.tpeak, table.number(row, "tpeak_s"), 1e-5);
  EXPECT_NEAR(m.iae, table.number(row, "iae"), 1e-6);
}

TEST_P(PoleLoop, FollowsTheTrajectoryOfTheOracle) {
  const test::ReferenceTable trajectory(name() + ".csv");

  for (std::size_t row = 0; row < trajectory.size(); ++row) {
    const double t = trajectory.number(row, "t");
    const auto i = static_cast<std::size_t>(std::llround(t / 0.002));
    const auto expect = [&](const char* column, double value) {
      const double expected = trajectory.number(row, column);
      // What the feedback subtracts is rounded at 12 N, whatever is left of it.
      EXPECT_NEAR(value, expected, test::printed_tolerance(expected) + 1e-12)
          << column << " at " << t;
    };
    expect("x", record_.position.at(i));
    expect("phi", record_.angle.at(i));
    expect("u", record_.u.at(i));
  }
}

INSTANTIATE_TEST_SUITE_P(Oracle, PoleLoop, testing::Values(0, 1, 2));

TEST(FullPoleLoop, LandsOnTheFiguresOfTwoOtherIntegrators) {
  const auto record = run_pole_loop(CartPoleModel::Kind::full, 1ms, 0);

  // control-references.md, section 2: own RK4 there, and MuJoCo, agree to 1e-16.
  EXPECT_NEAR(record.position.at(501), 0.134041, 5e-7);
  EXPECT_NEAR(record.position.at(1001), 0.193872, 5e-7);
  EXPECT_NEAR(record.angle_max, 0.161097, 5e-7);
  const auto m = test::step_metrics(record.t, record.position, kReference, 0.0);
  EXPECT_NEAR(m.yfinal, 0.198570, 5e-7);
  EXPECT_NEAR(m.settle, 1.032, 2e-3);
}

// config/graphs/invpend.yaml in one thread: pendulum -> balance -> drive -> pendulum.
class PoleNodes : public testing::TestWithParam<const char*> {
 protected:
  test::NodeHarness pendulum_{"plant/cart_pole",
                              {.params = {{"model", GetParam()}}, .period = 10ms}};
  test::NodeHarness balance_{"controller/state_feedback",
                             {.params = {{"k1", kGains[0]},
                                         {"k2", kGains[1]},
                                         {"k3", kGains[2]},
                                         {"k4", kGains[3]},
                                         {"nbar", kNbar}},
                              .period = 10ms}};
  test::NodeHarness drive_{"actuator/limiter", {.period = 10ms}};
};
INSTANTIATE_TEST_SUITE_P(Both, PoleNodes, testing::Values("linear", "full"));

TEST_P(PoleNodes, GiveTheRowWithoutDelayWhenTheirChainCompletesWithinThePeriod) {
  ASSERT_EQ(pendulum_.error(), nullptr);
  ASSERT_EQ(balance_.error(), nullptr);
  ASSERT_EQ(drive_.error(), nullptr);
  const bool linear = std::string(GetParam()) == "linear";
  const auto expected =
      run_pole_loop(linear ? CartPoleModel::Kind::linear : CartPoleModel::Kind::full, 1ms, 0);

  Scalar force{0.0};
  for (std::size_t k = 0; k < 500; ++k) {
    pendulum_.send("force", force);
    pendulum_.step();
    const auto state = pendulum_.sent<StateVector>("state");
    ASSERT_TRUE(state.has_value());
    ASSERT_NEAR(state->x[0], expected.position.at(10 * k), 1e-9) << "in period " << k;
    ASSERT_NEAR(state->x[2], expected.angle.at(10 * k), 1e-9) << "in period " << k;
    balance_.send("reference", Scalar{kReference});
    balance_.send("state", *state);
    balance_.step();
    drive_.send("command", balance_.sent<Scalar>("output").value_or(Scalar{}));
    drive_.step();
    force = drive_.sent<Scalar>("output").value_or(Scalar{});
  }
}

}  // namespace
}  // namespace takt::nodes::invpend_loop_test
