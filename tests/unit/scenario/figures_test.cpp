// Numbers of a whole window: means, step responses, comparisons, counters.
#include "tests/support/reference_data.hpp"
#include "tests/unit/scenario/evidence.hpp"

namespace takt::scenario {
namespace {

Finding functional(const RecordedRun& run, Functional kind, const char* of, Limits limits) {
  return judge_functional({kind, run.formula(of), of, limits}, run.whole(), run.evidence());
}

TEST(Functional, IntegratesTheHeldSignal) {
  const RecordedRun sut([](double t) { return t < 0.5 ? 2.0 : 4.0; });

  EXPECT_NEAR(*functional(sut, Functional::mean, "x", {0, 10}).worst_value, 3.0, 1e-12);
  EXPECT_NEAR(*functional(sut, Functional::rms, "x", {0, 10}).worst_value, std::sqrt(10.0), 1e-12);
  EXPECT_NEAR(*functional(sut, Functional::iae, "1 - x", {0, 10}).worst_value, 2.0, 1e-12);
  EXPECT_EQ(*functional(sut, Functional::minimum, "x", {0, 10}).worst_value, 2.0);
  EXPECT_EQ(*functional(sut, Functional::maximum, "x", {0, 10}).worst_value, 4.0);
  EXPECT_EQ(*functional(sut, Functional::at_end, "x", {0, 10}).worst_value, 4.0);
}

TEST(Functional, FailsJustOutsideOfItsLimits) {
  const RecordedRun sut([](double) { return 3.0; });

  EXPECT_EQ(functional(sut, Functional::mean, "x", {2.999, {}}).verdict, Verdict::pass);
  EXPECT_EQ(functional(sut, Functional::mean, "x", {3.1, {}}).verdict, Verdict::fail);
  EXPECT_EQ(functional(sut, Functional::mean, "x", {{}, 2.9}).verdict, Verdict::fail);
  EXPECT_NEAR(*functional(sut, Functional::mean, "x", {2.0, 7.0}).margin, 1.0, 1e-12);
}

TEST(Functional, OfWhatIsNoNumberFails) {
  const RecordedRun sut([](double) { return std::nan(""); });

  EXPECT_EQ(functional(sut, Functional::mean, "x", {-9, 9}).verdict, Verdict::fail);
}

// A first-order lag: rise ln(9), settling ln(50), no overshoot.
TEST(StepFigures, OfAFirstOrderLagAreThoseOfItsEquation) {
  std::vector<double> t, y;
  for (int k = 0; k <= 20'000; ++k) {
    t.push_back(k * 1e-3);
    y.push_back(1.0 - std::exp(-t.back()));
  }

  const StepFigures sut = step_figures(t, y, 1.0, 0.0, 0.02);

  EXPECT_NEAR(sut.rise_time, std::log(9.0), 1e-6);
  EXPECT_NEAR(sut.settling_time, std::log(50.0), 1e-6);
  EXPECT_NEAR(sut.final_value, 1.0, 1e-8);
  EXPECT_LT(sut.overshoot, 1e-7);
  EXPECT_NEAR(sut.iae, 1.0, 1e-6);
}

TEST(StepFigures, OfAFallingStepAreThoseOfTheRisingOne) {
  std::vector<double> t, up, down;
  for (int k = 0; k <= 2'000; ++k) {
    t.push_back(k * 1e-2);
    up.push_back(1.0 - std::exp(-t.back()) * std::cos(3 * t.back()));
    down.push_back(5.0 - 2.0 * up.back());
  }

  const StepFigures rising = step_figures(t, up, 1.0, 0.0, 0.02);
  const StepFigures falling = step_figures(t, down, 3.0, 5.0, 0.02);

  EXPECT_NEAR(falling.overshoot, rising.overshoot, 1e-9);
  EXPECT_NEAR(falling.rise_time, rising.rise_time, 1e-9);
  EXPECT_NEAR(falling.settling_time, rising.settling_time, 1e-9);
}

StepResponseSpec asks(const std::string& figure, Limits limits) {
  StepResponseSpec step;
  step.to = 1.0;
  step.figures[figure] = limits;
  return step;
}

TEST(StepResponse, JudgesTheFiguresThatItIsAskedFor) {
  const RecordedRun sut([](double t) { return 1.0 - std::exp(-20.0 * t); });
  const auto verdict = [&](const StepResponseSpec& step) {
    return judge_step_response(step, sut.whole(), sut.evidence()).verdict;
  };

  EXPECT_EQ(verdict(asks("rise_time", {{}, 0.2})), Verdict::pass);
  EXPECT_EQ(verdict(asks("rise_time", {{}, 0.1})), Verdict::fail);
  EXPECT_EQ(verdict(asks("steady_state_error", {{}, 0.001})), Verdict::pass);
}

TEST(StepResponse, ThatNeverRisesHasNoRiseTime) {
  const RecordedRun sut([](double) { return 0.0; });

  const Finding found =
      judge_step_response(asks("settling_time", {{}, 9.0}), sut.whole(), sut.evidence());

  EXPECT_EQ(found.verdict, Verdict::fail);
}

CompareSpec table(double offset, double abs, double rel = 0.0) {
  CompareSpec compare;
  compare.abs = abs;
  compare.rel = rel;
  for (int k = 0; k <= 10; ++k) {
    compare.t.push_back(k * 0.1);
    compare.values.push_back(k * 0.1 + offset);
  }
  return compare;
}

TEST(Compare, TakesTheWorstRow) {
  const RecordedRun sut([](double t) { return t; });
  const auto judged = [&](const CompareSpec& compare) {
    return judge_compare(compare, sut.whole(), sut.evidence());
  };

  EXPECT_EQ(judged(table(0.0, 1e-9)).verdict, Verdict::pass);
  EXPECT_EQ(judged(table(0.1, 0.09)).verdict, Verdict::fail);
  EXPECT_EQ(judged(table(0.1, 0.0, 0.2)).verdict, Verdict::fail) << "20 % of 0.1 is too little";
  EXPECT_EQ(judged(table(0.1, 0.1000001)).verdict, Verdict::pass);
}

TEST(Compare, MayBeShiftedByWholePeriods) {
  const RecordedRun sut([](double t) { return t; });
  CompareSpec compare = table(0.02, 1e-9);

  EXPECT_EQ(judge_compare(compare, sut.whole(), sut.evidence()).verdict, Verdict::fail);
  compare.time_shift = milliseconds(20);
  compare.t.pop_back();  // Its value would come after the end.
  compare.values.pop_back();
  EXPECT_EQ(judge_compare(compare, sut.whole(), sut.evidence()).verdict, Verdict::pass);
}

TEST(Compare, IsUntestedWithoutARowInItsWindow) {
  const RecordedRun sut([](double t) { return t; });
  CompareSpec compare = table(0.0, 1.0);
  compare.origin = seconds(5);

  EXPECT_EQ(judge_compare(compare, sut.whole(), sut.evidence()).verdict, Verdict::untested);
}

TEST(Counter, IsReadFromTheSummaryOfTheRun) {
  RecordedRun sut([](double) { return 0.0; });
  sut.summary() = {{"nodes",
                    {{{"name", "pid"},
                      {"overruns", 3},
                      {"wake_ns", {{"p99", 2000}}},
                      {"inputs", {{{"name", "measurement"}, {"lost", 2}}}}}}}};
  const auto verdict = [&](const std::string& path, double max) {
    return judge_timing({"pid", {{path, {{}, max}}}}, sut.evidence()).verdict;
  };

  EXPECT_EQ(verdict("pid.overruns", 3), Verdict::pass);
  EXPECT_EQ(verdict("pid.overruns", 2), Verdict::fail);
  EXPECT_EQ(verdict("pid.measurement.lost", 1), Verdict::fail);
  EXPECT_EQ(verdict("pid.wake_p99", 2000), Verdict::pass);
  EXPECT_EQ(verdict("pid.step_p99", 2000), Verdict::untested) << "the run has no such figure";
}

// The oracle's own figures from its own curve: the table rounds to the digits printed.
TEST(StepFigures, OfTheOraclesCurveAreTheOraclesFigures) {
  const takt::test::ReferenceTable curve("motor_speed_pid_1ms_d0.csv");
  std::vector<double> t, y;
  for (std::size_t row = 0; row < curve.size(); ++row) {
    t.push_back(curve.number(row, "t"));
    y.push_back(curve.number(row, "y"));
  }

  const StepFigures sut = step_figures(t, y, 1.0, 0.0, 0.02);

  // A curve of a hundred points: its own reading of it is 0.9150 % (control references).
  EXPECT_NEAR(sut.overshoot * 100, 0.915, 5e-3);
  EXPECT_NEAR(sut.final_value, 1.0, 1e-5);
}

}  // namespace
}  // namespace takt::scenario
