// A PI controller with a saturated output on an integrator (control-references.md, R7).
//
//   r = 1 --> PI (kp 2, ki 4, |u| <= 1) --> 1/s --> y
#include <algorithm>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "nodes/controller/pid_algorithm.hpp"
#include "tests/support/step_metrics.hpp"
#include "tests/unit/nodes/oracle_figures.hpp"
#include "tests/unit/nodes/sampled_loop.hpp"

namespace takt::nodes::anti_windup_test {
namespace {

class Integrator {
 public:
  explicit Integrator(double substep) : substep_(substep) {}
  double output() const { return y_; }
  void advance(double u) { y_ += substep_ * u; }

 private:
  double substep_;
  double y_ = 0.0;
};

PidSettings settings_for(const std::string& variant, double period) {
  PidSettings settings{.kp = 2, .ki = 4, .h = period, .tf = 1, .limits = {-1, 1}};
  if (variant == "nosat") settings.limits = {};
  if (variant != "ka10") settings.anti_windup = AntiWindup::none;
  settings.tt = 1.0 / (4.0 * 10.0);  // The oracle's ka = 10: tt = 1/(ki*ka).
  return settings;
}

test::LoopTimes times_for(int period_ms) {
  return {.period = 1e-3 * period_ms,
          .substeps = static_cast<std::size_t>(period_ms),
          .periods = static_cast<std::size_t>(10'000 / period_ms)};
}

struct Case {
  const char* variant;
  int period_ms;
};

class AntiWindupOnAnIntegrator : public testing::TestWithParam<Case> {};

TEST_P(AntiWindupOnAnIntegrator, LandsOnTheFiguresOfTheOracle) {
  const auto [variant, period_ms] = GetParam();
  PidAlgorithm sut(settings_for(variant, 1e-3 * period_ms));

  const auto record = test::run_sampled_loop(times_for(period_ms), Integrator(1e-3),
                                             [&](double y) { return sut.step(1.0, y); });

  test::expect_figures(test::step_metrics(record.t, record.y, 1.0, 0.0), "table_windup.csv",
                       format("aw_int_{}_{}ms", variant, period_ms));
}

INSTANTIATE_TEST_SUITE_P(Oracle, AntiWindupOnAnIntegrator,
                         testing::Values(Case{"ka0", 10}, Case{"ka10", 10}, Case{"nosat", 10},
                                         Case{"ka0", 1}, Case{"ka10", 1}, Case{"nosat", 1}),
                         [](const auto& case_info) {
                           return format("{}_{}ms", case_info.param.variant,
                                         case_info.param.period_ms);
                         });

double overshoot_with_actuator_limit(bool with_tracking) {
  PidSettings settings = settings_for("ka10", 0.01);
  settings.limits = {};  // Only the actuator knows the limit.
  PidAlgorithm sut(settings);
  double applied = 0.0;
  const auto record = test::run_sampled_loop(times_for(10), Integrator(1e-3), [&](double y) {
    const double u = with_tracking ? sut.step(1.0, y, &applied) : sut.step(1.0, y);
    applied = std::clamp(u, -1.0, 1.0);
    return applied;
  });
  return test::step_metrics(record.t, record.y, 1.0, 0.0).overshoot;
}

TEST(AntiWindupByTracking, DoesNearlyAsWellAsAnOwnLimit) {
  EXPECT_NEAR(overshoot_with_actuator_limit(true), 15.3, 1.0);  // aw_int_ka10_10ms.
}

TEST(AntiWindupByTracking, IsWhatKeepsTheIntegralFromWindingUp) {
  EXPECT_NEAR(overshoot_with_actuator_limit(false), 53.87, 0.01);  // aw_int_ka0_10ms.
}

TEST(AntiWindupByClamping, OvershootsLessThanNone) {
  PidSettings settings = settings_for("ka0", 0.01);
  settings.anti_windup = AntiWindup::clamping;
  PidAlgorithm sut(settings);

  const auto record = test::run_sampled_loop(times_for(10), Integrator(1e-3),
                                             [&](double y) { return sut.step(1.0, y); });

  EXPECT_LT(test::step_metrics(record.t, record.y, 1.0, 0.0).overshoot, 27.0);
}

}  // namespace
}  // namespace takt::nodes::anti_windup_test
