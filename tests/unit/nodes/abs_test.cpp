// controller/abs: the published stop (control-references.md, R6) against the oracle's figures, and
// what the node does near standstill, with NaN and after a new start.
//
//   v, w --> u = sign(0.2 - slip), every period --> delay of d periods --> wheel and vehicle
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/controller/anti_lock.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::abs_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kMetresPerFoot = 0.3048;
constexpr double kRadius = 1.25;  // ft

// The published quarter car in its own units, as in the oracle's lib_abs_mw.m: ft, slug, psi.
class QuarterCar {
 public:
  // v in ft/s, w in rad/s, the valve's lagged rate, pressure, distance in ft.
  using Numbers = std::array<double, 5>;

  const Numbers& numbers() const { return x_; }
  double slip() const { return 1.0 - x_[1] * kRadius / x_[0]; }

  void advance(double u, double h) {
    const Numbers k1 = rates(x_, u), k2 = rates(moved(k1, h / 2), u);
    const Numbers k3 = rates(moved(k2, h / 2), u), k4 = rates(moved(k3, h), u);
    for (std::size_t i = 0; i < x_.size(); ++i) {
      x_[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    x_[1] = std::max(x_[1], 0.0);
    x_[3] = std::clamp(x_[3], 0.0, kPressureMax);
  }

 private:
  static constexpr double kPressureMax = 1500.0;

  static double friction(double slip) {
    constexpr std::array<double, 21> kMu{0,    .4,  .8,  .97, 1.0, .98, .96, .94, .92, .9, .88,
                                         .855, .83, .81, .79, .77, .75, .73, .72, .71, .7};
    const double at = slip * 20;
    const double left = std::clamp(std::floor(at), 0.0, 19.0);
    const auto i = static_cast<std::size_t>(left);
    return kMu[i] + (kMu[i + 1] - kMu[i]) * (at - left);
  }
  Numbers moved(const Numbers& rate, double h) const {
    Numbers next = x_;
    for (std::size_t i = 0; i < next.size(); ++i) next[i] += h * rate[i];
    return next;
  }
  static Numbers rates(const Numbers& x, double u) {
    const double w = std::max(x[1], 0.0);
    const double force = 50 * 32.18 / 4 * friction(1.0 - w * kRadius / x[0]);
    double wheel = (force * kRadius - x[3]) / 5;
    if (w <= 0.0 && wheel < 0.0) wheel = 0.0;
    double pressure = x[2];
    if ((x[3] <= 0.0 && pressure < 0.0) || (x[3] >= kPressureMax && pressure > 0.0)) pressure = 0.0;
    return {-force / 50, wheel, (100 * u - x[2]) * 100, pressure, x[0]};
  }

  Numbers x_{88.0, 88.0 / kRadius, 0.0, 0.0, 0.0};
};

struct Stop {
  double time = 0.0, distance = 0.0;
  double lock = std::numeric_limits<double>::quiet_NaN();
  double slip_mean = 0.0, slip_max = 0.0;  // Faster than 8 ft/s and after 0.5 s.
};

Stop brake(bool active, int period_ms, std::size_t delay) {
  constexpr double kStep = 5e-4;
  AntiLock sut({.desired_slip = 0.2,
                .wheel_radius = kRadius * kMetresPerFoot,
                .enable_speed = 0.3,
                .active = active});
  QuarterCar car;
  Stop stop;
  std::deque<double> on_the_way(delay, 0.0);
  int judged = 0;
  while (car.numbers()[0] > 1.0 && stop.time < 30.0) {
    on_the_way.push_back(sut.step(car.numbers()[1], car.numbers()[0] * kMetresPerFoot));
    const double u = on_the_way.front();
    on_the_way.pop_front();
    for (int j = 0; j < 2 * period_ms && car.numbers()[0] > 1.0; ++j) {
      if (car.numbers()[1] <= 1e-9 && std::isnan(stop.lock)) stop.lock = stop.time;
      if (car.numbers()[0] > 8.0 && stop.time > 0.5) {
        stop.slip_mean += car.slip();
        stop.slip_max = std::max(stop.slip_max, car.slip());
        ++judged;
      }
      car.advance(u, kStep);
      stop.time += kStep;
    }
  }
  stop.distance = car.numbers()[4];
  stop.slip_mean /= judged;
  return stop;
}

struct Case {
  bool active;
  int period_ms;
  std::size_t delay;
};
class PublishedStop : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Oracle, PublishedStop,
                         testing::Values(Case{false, 1, 0}, Case{true, 1, 0}, Case{true, 1, 1},
                                         Case{true, 1, 2}, Case{true, 5, 0}, Case{true, 5, 1},
                                         Case{true, 5, 2}, Case{true, 10, 0}, Case{true, 10, 1},
                                         Case{true, 10, 2}));

// The oracle's own tolerances: a limit cycle is not compared sample by sample.
TEST_P(PublishedStop, LandsOnTheFiguresOfTheOracle) {
  const auto& [active, period_ms, delay] = GetParam();
  const test::ReferenceTable table("table_abs_mw.csv");
  const std::size_t row =
      table.row_of(active ? format("abs_mw_on_{}ms_d{}", period_ms, delay) : "abs_mw_off");

  const Stop stop = brake(active, period_ms, delay);

  EXPECT_NEAR(stop.time, table.number(row, "stop_s"), 0.25);
  EXPECT_NEAR(stop.distance, table.number(row, "distance"), 0.005 * stop.distance);
  EXPECT_NEAR(stop.slip_mean, table.number(row, "slip_mean"), 0.005);
  EXPECT_NEAR(stop.slip_max, table.number(row, "slip_max"), 0.01);
}

TEST(AntiLock, StopsSoonerAndShorterThanALockedWheelAsPublished) {
  const Stop off = brake(false, 1, 0);
  const Stop on = brake(true, 1, 0);

  EXPECT_NEAR(off.lock, 6.861, 0.005) << "published: in about seven seconds";
  EXPECT_LT(on.time, 15.0) << "published: in less than 15 s";
  EXPECT_NEAR(off.time - on.time, 3.0, 0.5) << "published: about three seconds longer";
  EXPECT_NEAR(off.distance - on.distance, 100.0, 20.0) << "published: an extra 100 feet";
}

struct Said {
  double command = std::nan("");
  double slip = std::nan("");
};
Said braked(test::NodeHarness& sut, double wheel_speed, double vehicle_speed) {
  sut.send("wheel_speed", Scalar{wheel_speed});
  sut.send("vehicle_speed", Scalar{vehicle_speed});
  EXPECT_EQ(sut.step(), Did::stepped);
  return {sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value,
          sut.sent<Scalar>("slip").value_or(Scalar{std::nan("")}).value};
}
test::HarnessOptions half_metre(Json more = Json::object()) {
  Json params = {{"wheel_radius", 0.5}, {"enable_speed", 2.0}};
  params.update(more);
  return {.params = std::move(params), .period = 5ms};
}

TEST(Abs, BuildsUpBelowAndLetsOffAboveTheDesiredSlip) {
  test::NodeHarness sut("controller/abs", half_metre({{"desired_slip", 0.25}}));

  EXPECT_EQ(braked(sut, 20.0, 10.0).command, 1.0);
  EXPECT_EQ(braked(sut, 10.0, 10.0).command, -1.0);
  EXPECT_EQ(braked(sut, 15.0, 10.0).command, 0.0) << "exactly at it";
  EXPECT_EQ(braked(sut, 30.0, 10.0).command, 1.0) << "a driven wheel";
  EXPECT_DOUBLE_EQ(braked(sut, 0.0, 10.0).slip, 1.0);
  EXPECT_DOUBLE_EQ(braked(sut, 16.0, 10.0).slip, 0.2);
}

TEST(Abs, TakesTheEndsOfItsDesiredSlip) {
  test::NodeHarness low("controller/abs", half_metre({{"desired_slip", 0.01}}));
  test::NodeHarness high("controller/abs", half_metre({{"desired_slip", 0.99}}));

  EXPECT_EQ(braked(low, 19.6, 10.0).command, -1.0);
  EXPECT_EQ(braked(high, 0.4, 10.0).command, 1.0);
}

TEST(Abs, KeepsItsLastSlipNearStandstill) {
  test::NodeHarness sut("controller/abs", half_metre());
  EXPECT_EQ(braked(sut, 0.0, 1.9).slip, 0.0) << "never been faster";
  EXPECT_DOUBLE_EQ(braked(sut, 2.0, 2.0).slip, 0.5);

  EXPECT_DOUBLE_EQ(braked(sut, 3.9, 1.99).slip, 0.5);
  EXPECT_EQ(braked(sut, 0.0, 0.0).command, -1.0);
}

TEST(Abs, AlwaysBuildsUpWhenItIsNotActive) {
  test::NodeHarness sut("controller/abs", half_metre({{"active", false}}));
  EXPECT_EQ(braked(sut, 0.0, 10.0).command, 1.0);
}

TEST(Abs, SendsNoCommandForNaNAndKeepsItsSlip) {
  test::NodeHarness sut("controller/abs", half_metre());
  braked(sut, 2.0, 2.0);

  EXPECT_TRUE(std::isnan(braked(sut, std::nan(""), 10.0).command));
  EXPECT_TRUE(std::isnan(braked(sut, 10.0, INFINITY).command));
  EXPECT_EQ(sut.status().counters.non_finite.load(), 2U);
  EXPECT_DOUBLE_EQ(braked(sut, 0.0, 0.0).slip, 0.5);
}

TEST(Abs, SendsNothingWhileASpeedIsStale) {
  auto options = half_metre();
  options.adjust = [](NodeConfig& config) { config.inputs.at(1).max_age = 4ms; };
  test::NodeHarness sut("controller/abs", options);
  braked(sut, 20.0, 10.0);

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
}

TEST(Abs, StartsAgainWithTheSlipThatItHadFrozen) {
  test::NodeHarness first("controller/abs", half_metre());
  braked(first, 2.0, 2.0);
  auto options = half_metre();
  options.state = first.state();

  test::NodeHarness second("controller/abs", options);

  EXPECT_DOUBLE_EQ(braked(second, 0.0, 1.0).slip, 0.5);
}

}  // namespace
}  // namespace takt::nodes::abs_test
