// The shipped graphs of published control problems, in lockstep: real processes land on the
// trajectories of the oracle. The step of the set-point, or what stands for it, comes at 1 s.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::test {
namespace {

// What a tool saw: `field` of every sample of `topic`, one every period from t = 0 on.
std::vector<double> recorded(const std::string& graph, const std::string& topic,
                             const std::string& time, std::size_t field = 0) {
  Instance sut;
  auto echo = sut.start("echo", {topic, "--csv", "--wait", "20s"});
  auto run = sut.run(graph, {"--clock", "lockstep", "--for", time, "--await-taps", "1", "--json"});
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  const auto lines = lines_of(echo->out());
  std::vector<double> values;
  for (std::size_t i = 1; i < lines.size(); ++i) values.push_back(cells_of(lines[i]).at(2 + field));
  return values;
}

std::string text_of(const std::string& graph) {
  std::ifstream file(shipped_graph(graph));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The same loop by polling: the actuator sends, before the controller computes, what it computed in
// the period before.
std::string one_hop_later(const std::string& graph, const std::string& trigger,
                          const std::string& period) {
  const auto polled = [&](const char* offset) {
    return format("period: {}\n    offset: {}", period, offset);
  };
  return with(with(text_of(graph), "on: command", polled("2ms")), "on: " + trigger, polled("5ms"));
}

// Every row of the oracle that lies on a release.
void expect_on_oracle(const std::vector<double>& values, double period, const std::string& file,
                      const std::string& column, std::size_t rows) {
  const ReferenceTable oracle(file);
  const auto begin = static_cast<std::size_t>(std::llround(1.0 / period));
  std::size_t compared = 0;
  for (std::size_t row = 0; row < oracle.size(); ++row) {
    const double releases = oracle.number(row, "t") / period;
    if (std::abs(releases - std::round(releases)) > 1e-6) continue;
    const std::size_t i = begin + static_cast<std::size_t>(std::llround(releases));
    if (i >= values.size()) continue;
    const double expected = oracle.number(row, column);
    EXPECT_NEAR(values[i], expected, printed_tolerance(expected))
        << column << " at " << oracle.number(row, "t");
    ++compared;
  }
  EXPECT_GE(compared, rows) << file;
}

TEST(CruisePi, LandsOnTheTrajectoryOfTheOracle) {
  expect_on_oracle(recorded(shipped_graph("cruise_pi.yaml"), "car.output", "31s"), 0.02,
                   "cruise_pi_20ms_d0.csv", "y", 20);
}

TEST(CruisePi, LandsOnTheRowOfOnePeriodWhenItIsPolled) {
  expect_on_oracle(
      recorded(one_hop_later("cruise_pi.yaml", "measurement", "20ms"), "car.output", "31s"), 0.02,
      "cruise_pi_20ms_d1.csv", "y", 20);
}

TEST(Pitch, LandsOnTheTrajectoryOfTheOracle) {
  expect_on_oracle(recorded(shipped_graph("pitch.yaml"), "aircraft.output", "11s"), 0.01,
                   "pitch_lqr_p50_10ms_d0.csv", "theta", 20);
}

TEST(Pitch, LandsOnTheRowOfOnePeriodWhenItIsPolled) {
  expect_on_oracle(recorded(one_hop_later("pitch.yaml", "state", "10ms"), "aircraft.output", "11s"),
                   0.01, "pitch_lqr_p50_10ms_d1.csv", "theta", 20);
}

TEST(Windup, LandsOnTheTrajectoryOfTheOracleWithAndWithoutBackCalculation) {
  const auto sut = recorded(shipped_graph("windup.yaml"), "tank.output", "11s");
  const auto unprotected =
      recorded(with(text_of("windup.yaml"), "anti_windup: back_calculation", "anti_windup: none"),
               "tank.output", "11s");

  expect_on_oracle(sut, 0.01, "aw_int_ka10_10ms.csv", "y", 8);
  expect_on_oracle(unprotected, 0.01, "aw_int_ka0_10ms.csv", "y", 8);
  // The oracle's figures, whose final value is a mean over the end.
  EXPECT_NEAR(*std::max_element(sut.begin(), sut.end()), 1.153001, 1e-6);
  EXPECT_NEAR(*std::max_element(unprotected.begin(), unprotected.end()), 1.538800, 1e-6);
}

}  // namespace
}  // namespace takt::test
