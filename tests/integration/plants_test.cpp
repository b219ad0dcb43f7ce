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

// What a tool saw: the first `fields` fields of every sample of `topic`, one every period from t =
// 0 on, each field in a row of its own.
std::vector<std::vector<double>> recorded_fields(const std::string& graph, const std::string& topic,
                                                 const std::string& time, std::size_t fields) {
  Instance sut;
  auto echo = sut.start("echo", {topic, "--csv", "--wait", "20s"});
  auto run = sut.run(graph, {"--clock", "lockstep", "--for", time, "--await-taps", "1", "--json"});
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  const auto lines = lines_of(echo->out());
  std::vector<std::vector<double>> values(fields);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);  // t, seq, fields.
    for (std::size_t k = 0; k < fields; ++k) values[k].push_back(cells.at(2 + k));
  }
  return values;
}

std::vector<double> recorded(const std::string& graph, const std::string& topic,
                             const std::string& time) {
  return recorded_fields(graph, topic, time, 1)[0];
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

// Every row of the oracle that lies on a release; `values` times `scale` are in its units.
void expect_on_oracle(const std::vector<double>& values, double period, const std::string& file,
                      const std::string& column, std::size_t rows, double scale = 1.0,
                      double tolerance = 0.0) {
  const ReferenceTable oracle(file);
  const auto begin = static_cast<std::size_t>(std::llround(1.0 / period));
  std::size_t compared = 0;
  for (std::size_t row = 0; row < oracle.size(); ++row) {
    const double releases = oracle.number(row, "t") / period;
    if (std::abs(releases - std::round(releases)) > 1e-6) continue;
    const std::size_t i = begin + static_cast<std::size_t>(std::llround(releases));
    if (i >= values.size()) continue;
    const double expected = oracle.number(row, column);
    EXPECT_NEAR(values[i] * scale, expected, printed_tolerance(expected) + tolerance)
        << column << " at " << oracle.number(row, "t");
    ++compared;
  }
  EXPECT_GE(compared, rows) << file;
}

// The same loop with all digits (tests/support/oracle_rerun.py), within 1e-9.
void expect_on_rerun(const std::vector<double>& values, double period, const std::string& name,
                     double scale = 1.0) {
  const ReferenceTable rerun("rerun_" + name + ".csv");
  const auto begin = static_cast<std::size_t>(std::llround(1.0 / period));
  ASSERT_GT(rerun.size(), 80U) << name;
  for (std::size_t row = 0; row < rerun.size(); ++row) {
    const double t = rerun.number(row, "t");
    EXPECT_NEAR(values.at(begin + static_cast<std::size_t>(std::llround(t / period))) * scale,
                rerun.number(row, "y"), 1e-9)
        << name << " at " << t;
  }
}

TEST(CruisePi, LandsOnTheTrajectoryOfTheOracle) {
  const auto sut = recorded(shipped_graph("cruise_pi.yaml"), "car.output", "31s");

  expect_on_rerun(sut, 0.02, "cruise_pi_20ms_d0");
  expect_on_oracle(sut, 0.02, "cruise_pi_20ms_d0.csv", "y", 20);
}

TEST(CruisePi, LandsOnTheRowOfOnePeriodWhenItIsPolled) {
  const auto sut =
      recorded(one_hop_later("cruise_pi.yaml", "measurement", "20ms"), "car.output", "31s");

  expect_on_rerun(sut, 0.02, "cruise_pi_20ms_d1");
  expect_on_oracle(sut, 0.02, "cruise_pi_20ms_d1.csv", "y", 20);
}

TEST(Pitch, LandsOnTheTrajectoryOfTheOracle) {
  const auto sut = recorded(shipped_graph("pitch.yaml"), "aircraft.output", "11s");

  expect_on_rerun(sut, 0.01, "pitch_lqr_p50_10ms_d0");
  expect_on_oracle(sut, 0.01, "pitch_lqr_p50_10ms_d0.csv", "theta", 20);
}

TEST(Pitch, LandsOnTheRowOfOnePeriodWhenItIsPolled) {
  const auto sut = recorded(one_hop_later("pitch.yaml", "state", "10ms"), "aircraft.output", "11s");

  expect_on_rerun(sut, 0.01, "pitch_lqr_p50_10ms_d1");
  expect_on_oracle(sut, 0.01, "pitch_lqr_p50_10ms_d1.csv", "theta", 20);
}

TEST(Windup, LandsOnTheTrajectoryOfTheOracleWithAndWithoutBackCalculation) {
  const auto sut = recorded(shipped_graph("windup.yaml"), "tank.output", "11s");
  const auto unprotected =
      recorded(with(text_of("windup.yaml"), "anti_windup: back_calculation", "anti_windup: none"),
               "tank.output", "11s");

  expect_on_rerun(sut, 0.01, "aw_int_ka10_10ms");
  expect_on_rerun(unprotected, 0.01, "aw_int_ka0_10ms");
  expect_on_oracle(sut, 0.01, "aw_int_ka10_10ms.csv", "y", 8);
  expect_on_oracle(unprotected, 0.01, "aw_int_ka0_10ms.csv", "y", 8);
  // The oracle's figures.
  EXPECT_NEAR(*std::max_element(sut.begin(), sut.end()), 1.153001, 1e-6);
  EXPECT_NEAR(*std::max_element(unprotected.begin(), unprotected.end()), 1.538800, 1e-6);
}

// The oracle's controller is continuous: at 0.5 ms the extreme is within 0.2 %, the trajectory
// within 0.6 % of it.
TEST(Suspension, LandsOnTheContinuousTrajectoryOfTheOracle) {
  const auto sut = recorded(shipped_graph("suspension.yaml"), "car.deflection", "4s");

  expect_on_oracle(sut, 0.0005, "suspension_cont_x2.csv", "y", 50, 1.0, 6e-3 * 5.051e-3);
  EXPECT_NEAR(*std::min_element(sut.begin(), sut.end()), -5.051e-3, 2e-3 * 5.051e-3);
}

TEST(CruiseHill, LandsOnTheTrajectoryOfTheOracle) {
  const auto sut = recorded(shipped_graph("cruise_hill.yaml"), "car.speed", "31s");

  expect_on_oracle(sut, 0.01, "fbs_hill4_kaw2_d0.csv", "v", 88);
  EXPECT_NEAR(*std::min_element(sut.begin(), sut.end()), 19.26825, 1e-5);
}

// 0.1 m is a tenth of the oracle's step; it runs from 0 s on.
TEST(Pvtol, LandsOnTheTrajectoryOfTheOracleInTwoRates) {
  const auto sut = recorded(shipped_graph("pvtol.yaml"), "aircraft.x", "21s");

  expect_on_rerun(sut, 0.002, "pvtol_x_2ms_r10_d0", 10.0);
  expect_on_oracle(sut, 0.002, "pvtol_x_2ms_r10_d0.csv", "x", 30, 10.0);
}

constexpr double kFoot = 0.3048;

// Fields of WheelState.
enum : std::size_t { kSpeed, kWheelSpeed, kSlip, kDistance, kFields };

double first_below(const std::vector<double>& values, double limit, double period) {
  const auto found =
      std::find_if(values.begin(), values.end(), [limit](double value) { return value <= limit; });
  return static_cast<double>(found - values.begin()) * period;
}

TEST(Abs, LocksAndSlidesAsInTheOracleWithoutControl) {
  const auto sut = recorded_fields(shipped_graph("abs_off.yaml"), "vehicle.state", "18s", kFields);

  EXPECT_NEAR(first_below(sut[kWheelSpeed], 1e-9, 0.001), 6.8615, 1e-3);
  EXPECT_NEAR(first_below(sut[kSpeed], kFoot, 0.001), 16.6425, 1e-3);
  EXPECT_NEAR(sut[kDistance].back() / kFoot, 806.073, 1e-2);
  EXPECT_EQ(*std::max_element(sut[kSlip].begin(), sut[kSlip].end()), 1.0);
}

// A controller without a band: what it sends is the sign of 0.2 - slip.
constexpr const char* kBangBang = R"(takt: 1
graph: abs_bang_bang
clock: lockstep
libraries: [takt_nodes]
nodes:
  wanted: {type: source/profile, period: 1ms, params: {shape: step, from: 0.2, to: 0.2}}
  vehicle:
    type: plant/wheel_brake
    period: 1ms
    inputs: {valve: {from: valve.output, initial: 0, max_age: none}}
  control:
    type: controller/pid
    on: measurement
    inputs:
      measurement: {from: vehicle.slip, max_age: 3ms}
      reference: {from: wanted.value, max_age: none}
    params: {kp: 1e12, umin: -1, umax: 1}
  valve:
    type: actuator/limiter
    on: command
    safe: {output: -1}
    inputs: {command: {from: control.output, max_age: 3ms, max_data_age: 5ms}}
)";

TEST(Abs, StopsAsInTheOracleWithABangBangController) {
  const auto sut = recorded_fields(kBangBang, "vehicle.state", "15s", kFields);

  EXPECT_NEAR(first_below(sut[kSpeed], kFoot, 0.001), 13.8235, 0.25);
  EXPECT_NEAR(sut[kDistance].back() / kFoot, 720.691, 5e-3 * 720.691);
  for (std::size_t i = 500; i < sut[kSlip].size() && sut[kSpeed][i] > 8.0 * kFoot; ++i) {
    ASSERT_LT(sut[kSlip][i], 0.31) << "at " << 0.001 * static_cast<double>(i);
  }
}

}  // namespace
}  // namespace takt::test
