// From the recorded run to verdicts. Pure functions: the same trace gives the same verdicts.
//
// Meanings are those of signal temporal logic over the samples (see trace.hpp): a condition is
// judged at the begin of a window, with the values that hold then, and at every sample of one of
// its signals within the window.
#pragma once

#include <string>
#include <vector>

#include <takt/base/json.hpp>

#include "runtime/scenario/result.hpp"
#include "runtime/scenario/spec.hpp"
#include "runtime/scenario/trace.hpp"

namespace takt::scenario {

struct Evidence {
  const ScenarioSpec& spec;
  const Trace& trace;
  const Json& summary;  // Of the run; null when there is none.
};

AssessmentResult judge(const AssessmentSpec& assessment, const Evidence& evidence);

// The instants at which a trigger fires in the window. Complete: also those whose delay ends after
// it.
std::vector<nanoseconds> firings(const TriggerSpec& trigger, const Trace& trace,
                                 const Span& window);

// What one judgement of a window has found, before it is an AssessmentResult.
struct Finding {
  Verdict verdict = Verdict::untested;
  std::string text{};
  std::optional<double> margin{};
  std::optional<nanoseconds> worst_at{};
  std::optional<double> worst_value{};
  std::vector<Span> violations{};
};
Finding judge_body(const BodySpec& body, const Span& window, const Evidence& evidence);
Finding judge_triggered(const TriggeredSpec& triggered, const Span& window,
                        const Evidence& evidence);
Finding judge_functional(const FunctionalSpec& functional, const Span& window,
                         const Evidence& evidence);
Finding judge_step_response(const StepResponseSpec& step, const Span& window,
                            const Evidence& evidence);
Finding judge_compare(const CompareSpec& compare, const Span& window, const Evidence& evidence);
Finding judge_timing(const TimingSpec& timing, const Evidence& evidence);

// How far `value` is inside of its limits; negative: outside.
double margin_of(double value, const Limits& limits);
std::string text_of(const Limits& limits, const std::string& unit);
std::string seconds_text(nanoseconds time);

// The figures of a step response as the oracle's lib_metrics.m defines them (the conventions of
// MATLAB's stepinfo): of y at t, both from `origin` on, starting at `y0`.
struct StepFigures {
  double final_value = 0.0;
  double overshoot = 0.0;  // Of the final value's distance from y0: 0.01 is one per cent.
  double rise_time = 0.0;  // NaN: it never gets there.
  double settling_time = 0.0;
  double peak_time = 0.0;
  double steady_state_error = 0.0;
  double iae = 0.0;
};
StepFigures step_figures(const std::vector<double>& t, const std::vector<double>& y,
                         double reference, double y0, double settling_band);

}  // namespace takt::scenario
