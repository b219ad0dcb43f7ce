// A recorded run as a test writes it: signals x and y at 100 Hz, one second unless said otherwise.
#pragma once

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "runtime/scenario/judge/judge.hpp"

namespace takt::scenario {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RecordedRun {
 public:
  static constexpr std::int64_t kPeriod = 10'000'000;

  explicit RecordedRun(const std::function<double(double)>& x, std::int64_t end = 1'000'000'000)
      : RecordedRun(
            x, [](double) { return 0.0; }, end) {}
  RecordedRun(const std::function<double(double)>& x, const std::function<double(double)>& y,
              std::int64_t end = 1'000'000'000) {
    for (const char* name : {"x", "y"}) {
      SignalSpec signal;
      signal.name = name;
      spec_.signals.push_back(std::move(signal));
    }
    trace_.signals.resize(2);
    trace_.end_ns = end;
    for (std::size_t i = 0; i < 2; ++i) trace_.signals[i].period_ns = kPeriod;
    for (std::int64_t t = 0; t <= end; t += kPeriod) {
      const double at = static_cast<double>(t) * 1e-9;
      trace_.signals[0].t_ns.push_back(t);
      trace_.signals[0].values.push_back(x(at));
      trace_.signals[1].t_ns.push_back(t);
      trace_.signals[1].values.push_back(y(at));
    }
  }

  Condition condition(const std::string& text) const {
    ExpressionError error;
    auto parsed = Condition::parse(text, spec_.scope(), error);
    EXPECT_TRUE(parsed.has_value()) << text << ": " << error.message;
    return std::move(*parsed);
  }
  Formula formula(const std::string& text) const {
    ExpressionError error;
    auto parsed = Formula::parse(text, spec_.scope(), error);
    EXPECT_TRUE(parsed.has_value()) << text << ": " << error.message;
    return std::move(*parsed);
  }

  Trace& trace() { return trace_; }
  Json& summary() { return summary_; }
  Span whole() const { return {nanoseconds(0), nanoseconds(trace_.end_ns)}; }
  Evidence evidence() const { return {spec_, trace_, summary_}; }
  Finding judge(const BodySpec& body) const { return judge_body(body, whole(), evidence()); }
  AssessmentResult assess(KindSpec what, std::optional<nanoseconds> max_gap = {}) const {
    AssessmentSpec assessment{"a",          "kind",  "",   std::move(what), nanoseconds(0),
                              kUntilTheEnd, max_gap, false};
    return scenario::judge(assessment, evidence());
  }

 private:
  ScenarioSpec spec_;
  Trace trace_;
  Json summary_ = Json::object();
};

}  // namespace takt::scenario
