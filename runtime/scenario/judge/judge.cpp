#include "runtime/scenario/judge/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

// What an assessment looks at, for gaps and for plots.
class Signals {
 public:
  void add(const std::vector<std::size_t>& more) {
    list_.insert(list_.end(), more.begin(), more.end());
  }
  void add(const KindSpec& kind) {
    std::visit([this](const auto& k) { add_of(k); }, kind);
  }
  std::vector<std::size_t> take() {
    std::sort(list_.begin(), list_.end());
    list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
    return std::move(list_);
  }

 private:
  void add_of(const BodySpec& body) {
    std::visit([this](const auto& b) { add_of(b); }, body);
  }
  void add_of(const AlwaysSpec& s) {
    add(s.condition.signals());
    if (s.only_while) add(s.only_while->signals());
  }
  void add_of(const EventuallySpec& s) { add(s.condition.signals()); }
  void add_of(const UntilSpec& s) {
    add(s.hold.signals());
    add(s.until.signals());
  }
  void add_of(const StaysSpec& s) { add(s.condition.signals()); }
  void add_of(const SettlesSpec& s) { list_.push_back(s.signal); }
  void add_of(const TriggeredSpec& s) {
    if (s.trigger.becomes_true) add(s.trigger.becomes_true->signals());
    add_of(s.body);
  }
  void add_of(const FunctionalSpec& s) { add(s.of.signals()); }
  void add_of(const StepResponseSpec& s) { list_.push_back(s.signal); }
  void add_of(const CompareSpec& s) { list_.push_back(s.signal); }
  void add_of(const TimingSpec&) {}

  std::vector<std::size_t> list_;
};

Finding find(const AssessmentSpec& assessment, const Span& window, const Evidence& evidence) {
  const KindSpec& what = assessment.what;
  if (const auto* s = std::get_if<TriggeredSpec>(&what)) {
    return judge_triggered(*s, window, evidence);
  }
  if (const auto* s = std::get_if<FunctionalSpec>(&what)) {
    return judge_functional(*s, window, evidence);
  }
  if (const auto* s = std::get_if<StepResponseSpec>(&what)) {
    return judge_step_response(*s, window, evidence);
  }
  if (const auto* s = std::get_if<CompareSpec>(&what)) return judge_compare(*s, window, evidence);
  if (const auto* s = std::get_if<TimingSpec>(&what)) return judge_timing(*s, evidence);
  return judge_body(std::get<BodySpec>(what), window, evidence);
}

const Json* entry_named(const Json& list, const std::string& name) {
  for (const Json& entry : list) {
    if (entry.value("name", "") == name) return &entry;
  }
  return nullptr;
}

// `NODE.COUNTER`, `NODE.INPUT.COUNTER`, `NODE.wake_p99` in the summary of the run.
std::optional<double> counter_in(const Json& summary, const std::string& path) {
  const std::vector<std::string> parts = split(path, '.');
  if (!summary.contains("nodes")) return std::nullopt;
  const Json* at = entry_named(summary.at("nodes"), parts[0]);
  if (at && parts.size() == 3) at = entry_named(at->at("inputs"), parts[1]);
  if (!at) return std::nullopt;
  const std::string& word = parts.back();
  const auto cut = word.find('_');
  const bool is_time = word.starts_with("wake_") || word.starts_with("step_");
  if (is_time) {
    const Json& histogram = at->value(word.substr(0, cut) + "_ns", Json());
    const Json value =
        histogram.is_object() ? histogram.value(word.substr(cut + 1), Json()) : Json();
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
  }
  const Json value = at->value(word, Json());
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

}  // namespace

double margin_of(double value, const Limits& limits) {
  double margin = std::numeric_limits<double>::infinity();
  if (std::isnan(value)) return -margin;
  if (limits.min) margin = std::min(margin, value - *limits.min);
  if (limits.max) margin = std::min(margin, *limits.max - value);
  return margin;
}

std::string seconds_text(nanoseconds time) {
  return format("{:.6g} s", static_cast<double>(time.count()) * 1e-9);
}

std::string text_of(const Limits& limits, const std::string& unit) {
  const std::string with = unit.empty() ? "" : " " + unit;
  if (limits.min && limits.max) return format("{:.6g} to {:.6g}{}", *limits.min, *limits.max, with);
  if (limits.min) return format("at least {:.6g}{}", *limits.min, with);
  return format("at most {:.6g}{}", limits.max.value_or(0.0), with);
}

Finding judge_timing(const TimingSpec& timing, const Evidence& evidence) {
  Finding found{.verdict = Verdict::pass};
  std::vector<std::string> said;
  for (const CounterSpec& counter : timing.limits) {
    const auto value = counter_in(evidence.summary, counter.path);
    if (!value) {
      return {.verdict = Verdict::untested,
              .text = format("the run has no figure for {}", counter.path)};
    }
    const double margin = margin_of(*value, counter.limits);
    said.push_back(format("{} {:.6g}", counter.path, *value));
    if (margin < 0.0) found.verdict = Verdict::fail;
    if (found.margin && margin >= *found.margin) continue;
    found.margin = margin;
    found.worst_value = *value;
  }
  found.text = fmt::to_string(fmt::join(said, ", "));
  return found;
}

AssessmentResult judge(const AssessmentSpec& assessment, const Evidence& evidence) {
  AssessmentResult result;
  result.name = assessment.name;
  result.kind = assessment.kind;
  result.required = assessment.required;
  result.allow_untested = assessment.allow_untested;
  const Span window{assessment.begin, std::min(assessment.end, nanoseconds(evidence.trace.end_ns))};
  result.window = window;
  Signals signals;
  signals.add(assessment.what);
  const std::vector<std::size_t> list = signals.take();
  for (const std::size_t i : list) result.signals.push_back(evidence.spec.signals[i].name);
  if (assessment.begin.count() > evidence.trace.end_ns) {
    result.text = "the run ended before its window";
    return result;
  }
  Finding found = find(assessment, window, evidence);
  const auto gap = evidence.trace.find_gap(list, window, assessment.max_gap);
  // What has been shown to fail has failed, with or without the missing samples.
  if (gap && found.verdict != Verdict::fail) {
    found.verdict = Verdict::error;
    found.text = format("no sample of '{}' from {} to {}: what happened there is not known",
                        evidence.spec.signals[gap->signal].name, seconds_text(gap->span.begin),
                        seconds_text(gap->span.end));
    found.violations = {gap->span};
  }
  result.verdict = found.verdict;
  result.text = std::move(found.text);
  // A margin of nothing has no sign.
  if (found.margin) result.margin = *found.margin + 0.0;
  result.worst_at = found.worst_at;
  result.worst_value = found.worst_value;
  result.violations = std::move(found.violations);
  return result;
}

}  // namespace takt::scenario
