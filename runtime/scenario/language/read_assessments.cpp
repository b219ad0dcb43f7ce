// `assessments:` what must hold.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/judge/judge.hpp"
#include "runtime/scenario/language/describe.hpp"
#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr const char* kAssessmentKinds =
    "always eventually until settles trigger step_response mean rms iae minimum maximum at_end "
    "compare timing counter";

nanoseconds required_time(MapReader& map, const char* key, Reading& reading) {
  const MarkedEntry* entry = map.require(key, format("a duration, as in '{}: 500ms'", key));
  if (!entry) return {};
  const auto time =
      graph::read_positive_duration(entry->value, format("'{}'", key), reading.report);
  return time.value_or(nanoseconds(0));
}

std::optional<AlwaysSpec> read_always(MapReader& map, const MarkedEntry& entry, Reading& reading) {
  auto condition = read_condition(entry.value, "'always'", reading);
  std::optional<Condition> only_while;
  const MarkedEntry* guard = map.find("while");
  if (guard) only_while = read_condition(guard->value, "'while'", reading);
  if (!condition || (guard && !only_while)) return std::nullopt;
  return AlwaysSpec{std::move(*condition), std::move(only_while)};
}

std::optional<EventuallySpec> read_eventually(MapReader& map, const MarkedEntry& entry,
                                              Reading& reading) {
  auto condition = read_condition(entry.value, "'eventually'", reading);
  const nanoseconds within = required_time(map, "within", reading);
  if (!condition) return std::nullopt;
  return EventuallySpec{std::move(*condition), within};
}

std::optional<UntilSpec> read_until(MapReader& map, const MarkedEntry& entry, Reading& reading) {
  auto until = read_condition(entry.value, "'until'", reading);
  const MarkedEntry* hold = map.require("hold", "what must hold until then");
  auto condition = hold ? read_condition(hold->value, "'hold'", reading) : std::nullopt;
  const nanoseconds within = required_time(map, "within", reading);
  if (!until || !condition) return std::nullopt;
  return UntilSpec{std::move(*condition), std::move(*until), within};
}

// `response: COND` or `response: {condition: COND, stays_true_for_at_least: T}`.
std::optional<BodySpec> read_response(MapReader& map, const MarkedEntry& entry, Reading& reading) {
  if (entry.value.shape != Shape::map) {
    auto condition = read_condition(entry.value, "'response'", reading);
    const nanoseconds within = required_time(map, "within", reading);
    if (!condition) return std::nullopt;
    return EventuallySpec{std::move(*condition), within};
  }
  MapReader inner(entry.value, "'response'", entry.key.mark, reading.report);
  const MarkedEntry* what = inner.require("condition", "what must become true");
  auto condition = what ? read_condition(what->value, "'condition'", reading) : std::nullopt;
  const nanoseconds stays = required_time(inner, "stays_true_for_at_least", reading);
  inner.finish();
  const nanoseconds within = required_time(map, "within", reading);
  if (!condition) return std::nullopt;
  return StaysSpec{std::move(*condition), within, stays};
}

std::optional<KindSpec> read_triggered(MapReader& map, const MarkedEntry& entry, Reading& reading) {
  auto trigger = read_trigger(entry, reading);
  std::optional<BodySpec> body;
  nanoseconds lasts{0};
  int ways = 0;
  if (const MarkedEntry* always = map.find("always")) {
    ++ways;
    if (auto read = read_always(map, *always, reading)) body = std::move(*read);
    lasts = required_time(map, "for", reading);
  }
  if (const MarkedEntry* eventually = map.find("eventually")) {
    ++ways;
    if (auto read = read_eventually(map, *eventually, reading)) body = std::move(*read);
  }
  if (const MarkedEntry* response = map.find("response")) {
    ++ways;
    body = read_response(map, *response, reading);
  }
  if (const MarkedEntry* settles = map.find("settles")) {
    ++ways;
    if (auto read = read_settles(*settles, reading)) body = std::move(*read);
  }
  if (ways != 1) {
    reading.report.error({.code = "scenario.bad-assessment",
                          .mark = entry.key.mark,
                          .message = ways == 0 ? "nothing is said about what follows the trigger"
                                               : "one thing follows a trigger",
                          .help = "one of response, always, eventually, settles"});
    return std::nullopt;
  }
  if (!trigger || !body) return std::nullopt;
  return TriggeredSpec{std::move(*trigger), std::move(*body), lasts};
}

// `mean: {of: EXPR, within: [a, b]}`, `at_end: EXPR` with its limits beside it.
std::optional<KindSpec> read_functional(Functional functional, MapReader& map,
                                        const MarkedEntry& entry, AssessmentSpec& assessment,
                                        Reading& reading);

const std::vector<std::pair<const char*, Functional>> kFunctionals{
    {"mean", Functional::mean},       {"rms", Functional::rms},
    {"iae", Functional::iae},         {"minimum", Functional::minimum},
    {"maximum", Functional::maximum}, {"at_end", Functional::at_end}};

void read_over(MapReader& map, AssessmentSpec& assessment, Reading& reading) {
  const MarkedEntry* over = map.find("over");
  if (!over || !graph::check_shape(over->value, Shape::list, "'over'", reading.report)) return;
  const auto& items = over->value.items;
  std::vector<nanoseconds> ends;
  for (const MarkedNode& item : items) {
    const auto time = graph::read_duration(item, "'over'", reading.report);
    if (!time) return;
    ends.push_back(*time);
  }
  if (ends.size() == 2 && ends[0] < ends[1] && ends[0].count() >= 0) {
    assessment.begin = ends[0];
    assessment.end = ends[1];
    const nanoseconds duration = reading.spec.duration;
    if (duration.count() == 0 || ends[0] < duration) return;
    reading.report.error({.code = "scenario.bad-window",
                          .mark = items[0].mark,
                          .message = format("at {} the run is over: it lasts {}", items[0].text,
                                            seconds_text(duration)),
                          .help = "begin earlier, or give the scenario a longer 'duration'"});
    return;
  }
  reading.report.error({.code = "scenario.bad-window",
                        .mark = over->value.mark,
                        .message = "'over' is a begin and a later end",
                        .help = "as in over: [2s, 10s], from the start of the run"});
}

std::optional<KindSpec> read_functional(Functional functional, MapReader& map,
                                        const MarkedEntry& entry, AssessmentSpec& assessment,
                                        Reading& reading) {
  if (entry.value.shape != Shape::map) {
    auto formula = read_formula(entry.value, format("'{}'", entry.key.value), reading);
    Limits limits = read_limits(map, "", reading);
    if (!formula) return std::nullopt;
    return FunctionalSpec{functional, std::move(*formula), entry.value.text, limits};
  }
  MapReader inner(entry.value, format("'{}'", entry.key.value), entry.key.mark, reading.report);
  const MarkedEntry* of = inner.require("of", "a signal or a formula of signals");
  auto formula = of ? read_formula(of->value, "'of'", reading) : std::nullopt;
  read_over(inner, assessment, reading);
  Limits limits = read_limits(inner, "", reading);
  inner.finish();
  if (!formula) return std::nullopt;
  return FunctionalSpec{functional, std::move(*formula), of->value.text, limits};
}

template <typename T>
std::optional<KindSpec> as_body(std::optional<T> read) {
  if (!read) return std::nullopt;
  return KindSpec(BodySpec(std::move(*read)));
}
template <typename T>
std::optional<KindSpec> as_kind(std::optional<T> read) {
  if (!read) return std::nullopt;
  return KindSpec(std::move(*read));
}

// The kind that this assessment is of: the first key of those that stand in it.
std::optional<KindSpec> read_kind(const MarkedNode& item, MapReader& map,
                                  AssessmentSpec& assessment, Reading& reading) {
  const auto is = [&](const char* key) -> const MarkedEntry* {
    if (!item.find(key)) return nullptr;
    assessment.kind = key;
    return map.find(key);
  };
  // The trigger first: what follows it is written with the other kinds' words.
  if (const auto* e = is("trigger")) return read_triggered(map, *e, reading);
  if (const auto* e = is("always")) return as_body(read_always(map, *e, reading));
  if (const auto* e = is("eventually")) return as_body(read_eventually(map, *e, reading));
  if (const auto* e = is("until")) return as_body(read_until(map, *e, reading));
  if (const auto* e = is("settles")) return as_body(read_settles(*e, reading));
  if (const auto* e = is("step_response")) return as_kind(read_step_response(*e, reading));
  if (const auto* e = is("compare")) return as_kind(read_compare(*e, reading));
  if (const auto* e = is("timing")) return as_kind(read_timing(*e, reading));
  if (const auto* e = is("counter")) return as_kind(read_counter(*e, reading));
  for (const auto& [key, functional] : kFunctionals) {
    if (const auto* e = is(key)) return read_functional(functional, map, *e, assessment, reading);
  }
  const std::vector<std::string> kinds = split(kAssessmentKinds, ' ');
  const MarkedEntry* slip = nullptr;
  std::string near;
  for (const MarkedEntry& entry : item.entries) {
    if (!near.empty() || entry.key.value == "name") continue;
    near = nearest_word(entry.key.value, kinds);
    slip = &entry;
  }
  const bool misspelt = !near.empty();
  reading.report.error({.code = "scenario.bad-assessment",
                        .mark = misspelt ? slip->key.mark : item.mark,
                        .message = format("this assessment does not say what must hold{}",
                                          misspelt ? format("; did you mean '{}'?", near) : ""),
                        .help = misspelt ? "" : format("one of {}", fmt::join(kinds, ", "))});
  return std::nullopt;
}

void read_assessment(const MarkedNode& item, Reading& reading) {
  MapReader map(item, "an assessment", item.mark, reading.report);
  if (!map.is_map()) return;
  AssessmentSpec assessment{"", "", "", TimingSpec{}, nanoseconds(0), kUntilTheEnd, {}, false};
  const MarkedEntry* name = map.require("name", "reports and JUnit tell assessments by it");
  if (name) {
    assessment.name = graph::read_text(name->value, "'name'", reading.report).value_or("");
    if (name->value.shape == Shape::scalar && assessment.name.empty()) {
      reading.report.error({.code = "scenario.bad-assessment",
                            .mark = name->value.mark,
                            .message = "this assessment has an empty name"});
    }
  }
  read_over(map, assessment, reading);
  if (const MarkedEntry* gap = map.find("max_gap")) {
    assessment.max_gap = gap->value.text == "none" ? std::optional(kUntilTheEnd)
                                                   : graph::read_positive_duration(
                                                         gap->value, "'max_gap'", reading.report);
  }
  if (const MarkedEntry* allow = map.find("allow_untested")) {
    assessment.allow_untested =
        graph::read_boolean(allow->value, "'allow_untested'", reading.report).value_or(false);
  }
  const std::size_t errors_before = reading.report.count();
  auto kind = read_kind(item, map, assessment, reading);
  // What a wrong expression did not let us read is no unknown key.
  if (kind || errors_before == reading.report.count()) map.finish();
  const auto& all = reading.spec.assessments;
  const bool twice = std::any_of(all.begin(), all.end(), [&](const AssessmentSpec& other) {
    return !assessment.name.empty() && other.name == assessment.name;
  });
  if (twice) {
    reading.report.error({.code = "scenario.duplicate-name",
                          .mark = name ? name->value.mark : item.mark,
                          .message = format("two assessments are called '{}'", assessment.name),
                          .help = "reports and JUnit tell assessments by their names"});
  }
  if (!kind || twice) return;
  assessment.what = std::move(*kind);
  // With a signal that is wrong there is nothing to describe.
  if (!reading.report.has_errors()) assessment.required = describe(assessment, reading.spec);
  reading.spec.assessments.push_back(std::move(assessment));
}

}  // namespace

void read_assessments(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.require("assessments",
                                         "what must hold; without one nothing is "
                                         "tested");
  if (!entry || !graph::check_shape(entry->value, Shape::list, "'assessments'", reading.report)) {
    return;
  }
  if (entry->value.items.empty()) {
    reading.report.error({.code = "scenario.bad-assessment",
                          .mark = entry->value.mark,
                          .message = "no assessment: nothing would be tested",
                          .help = "as in {name: slow enough, always: w < 5}"});
  }
  for (const MarkedNode& item : entry->value.items) read_assessment(item, reading);
}

void read_plots(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.find_map("report");
  if (!entry) return;
  MapReader report(entry->value, "'report'", entry->key.mark, reading.report);
  const MarkedEntry* plots = report.find("plots");
  report.finish();
  if (!plots || !graph::check_shape(plots->value, Shape::list, "'plots'", reading.report)) return;
  for (const MarkedNode& item : plots->value.items) {
    std::vector<std::string> names;
    const bool several = item.shape == Shape::list;
    for (const MarkedNode& name : several ? item.items : std::vector<MarkedNode>{item}) {
      const auto signal = read_signal(name, "'plots'", reading);
      if (signal) names.push_back(reading.spec.signals[*signal].name);
    }
    if (names.empty()) continue;
    reading.spec.plots.push_back(std::move(names));
  }
}

}  // namespace takt::scenario
