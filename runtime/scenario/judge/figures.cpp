// Numbers of a whole window: means, step responses, comparison with a reference.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <takt/base/text.hpp>

#include "runtime/scenario/judge/judge.hpp"

namespace takt::scenario {
namespace {

constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

// The course of a formula in a window: it holds from each instant to the next.
struct Course {
  std::vector<std::int64_t> t;
  std::vector<double> y;
};
Course course_of(const Formula& formula, const Span& window, const Evidence& evidence) {
  Course course;
  evidence.trace.for_each_instant(formula.signals(), window,
                                  [&](std::int64_t t, const Instant& instant) {
                                    course.t.push_back(t);
                                    course.y.push_back(formula.value(instant));
                                    return true;
                                  });
  return course;
}

// Integral of f(y) over the held signal up to `end`, in seconds.
template <typename F>
double integral(const Course& course, std::int64_t end, F f) {
  double sum = 0.0;
  for (std::size_t i = 0; i < course.t.size(); ++i) {
    const std::int64_t next = i + 1 < course.t.size() ? course.t[i + 1] : end;
    sum += f(course.y[i]) * static_cast<double>(next - course.t[i]) * 1e-9;
  }
  return sum;
}

double value_of(Functional functional, const Course& course, std::int64_t end) {
  const double span = static_cast<double>(end - course.t.front()) * 1e-9;
  switch (functional) {
    case Functional::mean:
      if (span <= 0.0) return course.y.front();
      return integral(course, end, [](double y) { return y; }) / span;
    case Functional::rms:
      if (span <= 0.0) return std::abs(course.y.front());
      return std::sqrt(integral(course, end, [](double y) { return y * y; }) / span);
    case Functional::iae:
      return integral(course, end, [](double y) { return std::abs(y); });
    case Functional::minimum:
      return *std::min_element(course.y.begin(), course.y.end());
    case Functional::maximum:
      return *std::max_element(course.y.begin(), course.y.end());
    case Functional::at_end:
      return course.y.back();
  }
  return kNoFigure;
}

// Where z first reaches v, between two samples on a straight line; NaN: never.
double crossing(const std::vector<double>& t, const std::vector<double>& z, double v) {
  const auto found = std::find_if(z.begin(), z.end(), [v](double x) { return x >= v; });
  if (found == z.end()) return kNoFigure;
  const auto i = static_cast<std::size_t>(found - z.begin());
  if (i == 0) return t.front();
  return t[i - 1] + (v - z[i - 1]) / (z[i] - z[i - 1]) * (t[i] - t[i - 1]);
}

double settling(const std::vector<double>& t, const std::vector<double>& z, double size,
                double band) {
  const auto outside = [&](double x) { return std::abs(x - size) > band * size; };
  const auto last = std::find_if(z.rbegin(), z.rend(), outside);
  if (last == z.rend()) return t.front();
  const auto out = static_cast<std::size_t>(z.rend() - last) - 1;
  if (out + 1 == z.size()) return kNoFigure;
  const double a = std::abs(z[out] - size), b = std::abs(z[out + 1] - size);
  return t[out] + (a - band * size) / (a - b) * (t[out + 1] - t[out]);
}

double figure_named(const StepFigures& figures, const std::string& name) {
  if (name == "rise_time") return figures.rise_time;
  if (name == "settling_time") return figures.settling_time;
  if (name == "overshoot") return figures.overshoot;
  if (name == "steady_state_error") return std::abs(figures.steady_state_error);
  if (name == "peak_time") return figures.peak_time;
  if (name == "iae") return figures.iae;
  return figures.final_value;
}

}  // namespace

StepFigures step_figures(const std::vector<double>& t, const std::vector<double>& y,
                         double reference, double y0, double settling_band) {
  StepFigures figures;
  const std::size_t n = y.size();
  const auto tail = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::llround(0.02 * static_cast<double>(n))));
  figures.final_value = std::accumulate(y.end() - static_cast<std::ptrdiff_t>(tail), y.end(), 0.0) /
                        static_cast<double>(tail);
  const double sign = figures.final_value < y0 ? -1.0 : 1.0;
  const double size = std::abs(figures.final_value - y0);
  std::vector<double> z;
  z.reserve(n);
  for (const double value : y) z.push_back(sign * (value - y0));
  const auto peak = std::max_element(z.begin(), z.end());
  figures.steady_state_error = reference - figures.final_value;
  if (size > 0.0) {
    figures.peak_time = t[static_cast<std::size_t>(peak - z.begin())];
    figures.overshoot = std::max(0.0, (*peak - size) / size);
    figures.rise_time = crossing(t, z, 0.9 * size) - crossing(t, z, 0.1 * size);
    figures.settling_time = settling(t, z, size, settling_band);
  } else {  // What has not moved has no figures of moving.
    figures.peak_time = figures.overshoot = figures.rise_time = figures.settling_time = kNoFigure;
  }
  for (std::size_t i = 0; i + 1 < n; ++i) {
    figures.iae +=
        (std::abs(reference - y[i]) + std::abs(reference - y[i + 1])) / 2 * (t[i + 1] - t[i]);
  }
  return figures;
}

Finding judge_functional(const FunctionalSpec& functional, const Span& window,
                         const Evidence& evidence) {
  const std::int64_t end = std::min(window.end.count(), evidence.trace.end_ns);
  const Course course = course_of(functional.of, {window.begin, nanoseconds(end)}, evidence);
  if (course.t.empty()) {
    return {.verdict = Verdict::untested, .text = "there is no sample in the window"};
  }
  const double value = value_of(functional.functional, course, end);
  const double margin = margin_of(value, functional.limits);
  Finding found{.verdict = margin >= 0.0 ? Verdict::pass : Verdict::fail,
                .text = format("{:.6g}", value),
                .margin = margin,
                .worst_value = value};
  const bool at_an_extreme =
      functional.functional == Functional::minimum || functional.functional == Functional::maximum;
  if (at_an_extreme) {
    const auto at = std::find(course.y.begin(), course.y.end(), value);
    if (at != course.y.end()) {
      found.worst_at = nanoseconds(course.t[static_cast<std::size_t>(at - course.y.begin())]);
    }
  }
  if (functional.functional == Functional::at_end) found.worst_at = nanoseconds(course.t.back());
  if (found.verdict == Verdict::fail) found.violations = {{window.begin, nanoseconds(end)}};
  return found;
}

Finding judge_step_response(const StepResponseSpec& step, const Span& window,
                            const Evidence& evidence) {
  const SignalTrace& signal = evidence.trace.signals[step.signal];
  std::vector<double> t, y;
  const nanoseconds begin = std::max(window.begin, step.origin);
  const std::int64_t end = std::min(window.end.count(), evidence.trace.end_ns);
  evidence.trace.for_each_instant(
      {step.signal}, {begin, nanoseconds(end)}, [&](std::int64_t at, const Instant&) {
        t.push_back(static_cast<double>(at - step.origin.count()) * 1e-9);
        y.push_back(signal.at(at));
        return true;
      });
  if (t.size() < 2) {
    return {.verdict = Verdict::untested, .text = "there are no samples after the step"};
  }
  const StepFigures figures = step_figures(t, y, step.to, step.from, step.settling_band);
  Finding found{.verdict = Verdict::pass, .text = {}, .margin = {}};
  std::vector<std::string> said;
  for (const auto& [name, limits] : step.figures) {
    const double value = figure_named(figures, name);
    // A step that never rises has no rise time: whatever was asked for, it is not met.
    const double margin =
        std::isnan(value) ? -std::numeric_limits<double>::infinity() : margin_of(value, limits);
    const bool is_share = name == "overshoot";
    said.push_back(format("{} {}", name,
                          std::isnan(value) ? std::string("never")
                          : is_share        ? format("{:.4g} %", value * 100)
                                            : format("{:.6g}", value)));
    if (margin < 0.0) found.verdict = Verdict::fail;
    if (!found.margin || margin < *found.margin) {
      found.margin = margin;
      found.worst_value = value;
    }
  }
  found.text = fmt::to_string(fmt::join(said, ", "));
  if (!std::isnan(figures.peak_time)) {
    found.worst_at = step.origin + nanoseconds(std::llround(figures.peak_time * 1e9));
  }
  if (found.verdict == Verdict::fail) found.violations = {{begin, nanoseconds(end)}};
  return found;
}

Finding judge_compare(const CompareSpec& compare, const Span& window, const Evidence& evidence) {
  const SignalTrace& signal = evidence.trace.signals[compare.signal];
  const std::int64_t end = std::min(window.end.count(), evidence.trace.end_ns);
  // Half a nanosecond of rounding in the table's times must not fall before the sample.
  const auto margin_at = [&](std::size_t row, std::int64_t shift, double& value) {
    const std::int64_t t = compare.origin.count() + std::llround(compare.t[row] * 1e9) + shift;
    if (t < window.begin.count() || t > end || !signal.defined_at(t)) return kNoFigure;
    value = signal.at(t);
    const double wanted = compare.values[row];
    return compare.abs + compare.rel * std::abs(wanted) - std::abs(value - wanted);
  };
  // Shifts by whole periods of the signal: between two of its samples nothing changes.
  const std::int64_t stride = std::max<std::int64_t>(1, signal.period_ns);
  const std::int64_t most = compare.time_shift.count() / stride;
  Finding best{.verdict = Verdict::untested, .text = "no row of the table lies in the window"};
  for (std::int64_t k = -most; k <= most; ++k) {
    Finding found{.verdict = Verdict::pass};
    std::size_t rows = 0;
    for (std::size_t row = 0; row < compare.t.size(); ++row) {
      double value = 0.0;
      const double margin = margin_at(row, k * stride, value);
      if (std::isnan(margin)) continue;
      ++rows;
      if (found.margin && margin >= *found.margin) continue;
      found.margin = margin;
      found.worst_value = value;
      found.worst_at = compare.origin + nanoseconds(std::llround(compare.t[row] * 1e9));
    }
    if (rows == 0 || (best.margin && *best.margin >= *found.margin)) continue;
    found.verdict = *found.margin >= 0.0 ? Verdict::pass : Verdict::fail;
    found.text = format("{} rows, {}", rows,
                        compare.rel == 0.0
                            ? format("at most {:.3g} off", compare.abs - *found.margin)
                            : format("{:.3g} inside of the tolerance at the worst", *found.margin));
    if (k != 0) found.text += format(", shifted by {} periods", k);
    best = std::move(found);
  }
  if (best.verdict == Verdict::fail) best.violations = {{window.begin, nanoseconds(end)}};
  return best;
}

}  // namespace takt::scenario
