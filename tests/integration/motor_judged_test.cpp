// The speed of the motor against published figures, as CONTRACTS judges it.
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/support/step_metrics.hpp"

namespace takt::test {
namespace {

constexpr int kAttemptsMax = 10;
constexpr double kStepAt = 1.0;

// Empty when the run was undisturbed.
std::string disturbance(const Json& summary) {
  std::string found;
  for (const Json& node : summary.at("nodes")) {
    const auto name = node.at("name").get<std::string>();
    for (const char* counter : {"overruns", "skipped", "stale_steps"}) {
      if (node.at(counter) != 0)
        found += format(" {} {} {}", name, counter, node.at(counter).dump());
    }
    for (const Json& input : node.at("inputs")) {
      for (const char* counter : {"lost", "stale"}) {
        if (input.at(counter) == 0) continue;
        found += format(" {}.{} {} {}", name, input.at("name").get<std::string>(), counter,
                        input.at(counter).dump());
      }
    }
  }
  return found;
}

// The record from the step on.
StepMetrics metrics_of(const std::string& csv) {
  std::vector<double> t, y;
  const auto lines = lines_of(csv);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    if (cells.at(0) < kStepAt) continue;
    t.push_back(cells.at(0) - kStepAt);
    y.push_back(cells.at(2));
  }
  EXPECT_FALSE(y.empty());
  if (y.empty()) return {};
  return step_metrics(t, y, 1.0, 0.0);
}

// The first undisturbed run of the graph; none after ten attempts.
std::optional<StepMetrics> judged(const std::string& file) {
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    Instance sut;
    auto echo = sut.start("echo", {"motor.speed", "--csv", "--wait", "20s"});
    auto run = sut.run(shipped_graph(file), {"--for", "5s", "--await-taps", "1", "--json"});
    EXPECT_EQ(run->wait(), 0) << run->err();
    EXPECT_EQ(echo->wait(), 0) << echo->err();
    std::string why = disturbance(summary_of(*run));
    if (!echo->err().empty()) why += " the capture lost samples";
    if (why.empty()) {
      const StepMetrics metrics = metrics_of(echo->out());
      std::printf("%s, attempt %d: overshoot %.3f %%, final value %.5f rad/s\n", file.c_str(),
                  attempt, metrics.overshoot, metrics.yfinal);
      return metrics;
    }
    std::printf("%s, attempt %d is void:%s\n", file.c_str(), attempt, why.c_str());
    std::fflush(stdout);
  }
  return std::nullopt;
}

// Within the period: the figures of a loop without delay.
bool passes(const StepMetrics& m) {
  return m.overshoot >= 0.91 && m.overshoot <= 1.5 && std::abs(m.yfinal - 1.0) <= 0.001;
}

TEST(MotorSpeedJudged, ADataTriggeredLoopHasNoPeriodOfDelay) {
  const auto metrics = judged("motor_speed_10ms.yaml");

  ASSERT_TRUE(metrics) << "no undisturbed run in " << kAttemptsMax << " attempts";
  EXPECT_TRUE(passes(*metrics)) << metrics->overshoot << " % " << metrics->yfinal;
}

// The check can tell: the same loop, polled, has one period of delay and lands elsewhere.
TEST(MotorSpeedJudged, APolledLoopHasOnePeriodOfDelayAndFailsTheCheck) {
  const auto metrics = judged("motor_speed_10ms_polled.yaml");

  ASSERT_TRUE(metrics) << "no undisturbed run in " << kAttemptsMax << " attempts";
  EXPECT_NEAR(metrics->overshoot, 4.28, 0.1);
  EXPECT_FALSE(passes(*metrics));
}

}  // namespace
}  // namespace takt::test
