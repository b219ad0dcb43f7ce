// Comparison of a loop's record with a row of figures and a trajectory of the oracle.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/reference_data.hpp"
#include "tests/support/step_metrics.hpp"

namespace takt::test {

// Half a unit in the last printed place of each figure; the overshoot has four, the times five.
inline void expect_figures(const StepMetrics& m, const std::string& file, const std::string& name) {
  const ReferenceTable table(file);
  const std::size_t row = table.row_of(name);
  EXPECT_NEAR(m.overshoot, table.number(row, "os_pct"), 1e-4);
  EXPECT_NEAR(m.rise, table.number(row, "rise_s"), 1e-5);
  EXPECT_NEAR(m.settle, table.number(row, "settle2_s"), 1e-5);
  EXPECT_NEAR(m.yfinal, table.number(row, "yfinal"), 1e-6);
  EXPECT_NEAR(m.peak, table.number(row, "peak"), 1e-6);
  EXPECT_NEAR(m.tpeak, table.number(row, "tpeak_s"), 1e-5);
  EXPECT_NEAR(m.iae, table.number(row, "iae"), 1e-6);
}

// `values`: one every `substep` seconds, from t = 0 on. `rounding`: of what the controller
// subtracts, where the printed value is tiny.
inline void expect_trajectory(const std::vector<double>& values, double substep,
                              const std::string& file, const std::string& column,
                              double rounding = 1e-12) {
  const ReferenceTable trajectory(file);
  std::size_t compared = 0;
  for (std::size_t row = 0; row < trajectory.size(); ++row) {
    const double t = trajectory.number(row, "t");
    const double expected = trajectory.number(row, column);
    const auto i = static_cast<std::size_t>(std::llround(t / substep));
    EXPECT_NEAR(values.at(i), expected, printed_tolerance(expected) + rounding)
        << column << " at " << t;
    ++compared;
  }
  EXPECT_GT(compared, 70U) << file;
}

// The same loop with all digits, as tests/support/oracle_rerun.py computes it, within 1e-9.
inline void expect_rerun(const std::vector<double>& values, double substep,
                         const std::string& name) {
  const ReferenceTable rerun("rerun_" + name + ".csv");
  for (std::size_t row = 0; row < rerun.size(); ++row) {
    const double t = rerun.number(row, "t");
    const auto i = static_cast<std::size_t>(std::llround(t / substep));
    EXPECT_NEAR(values.at(i), rerun.number(row, "y"), 1e-9) << name << " at " << t;
  }
  EXPECT_GT(rerun.size(), 80U) << name;
}

}  // namespace takt::test
