// `stimulus:` what inputs are driven with, and when.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>
#include <takt/graph/values.hpp>

#include "runtime/scenario/language/reading.hpp"
#include "runtime/scenario/language/targets.hpp"

namespace takt::scenario {
namespace {

using Points = std::vector<InjectionPoint>;

// What a stimulus is about: times count from its own begin.
struct Course {
  Points points;
  bool interpolates = false;
  nanoseconds lasts = kUntilTheEnd;
  std::optional<double> before;  // From the barrier until it begins.
};

std::optional<double> value_in(MapReader& map, const std::string& key, const DrivenField& field,
                               Reading& reading) {
  const MarkedEntry* entry = map.require(key, "a number in the unit of what is driven");
  if (!entry) return std::nullopt;
  return read_driven(entry->value, format("'{}'", key), field, reading);
}

std::optional<nanoseconds> positive_time(MapReader& map, const std::string& key, Reading& reading) {
  const MarkedEntry* entry = map.require(key, "a duration");
  if (!entry) return std::nullopt;
  return graph::read_positive_duration(entry->value, format("'{}'", key), reading.report);
}

// `step: {from: 0, to: 1}`
std::optional<Course> read_step(MapReader& map, const DrivenField& field, Reading& reading) {
  const auto from = value_in(map, "from", field, reading);
  const auto to = value_in(map, "to", field, reading);
  if (!from || !to) return std::nullopt;
  return Course{{{nanoseconds(0), *to}}, false, kUntilTheEnd, *from};
}

// `ramp: {from: 0, to: 1, over: 2s}`
std::optional<Course> read_ramp(MapReader& map, const DrivenField& field, Reading& reading) {
  const auto from = value_in(map, "from", field, reading);
  const auto to = value_in(map, "to", field, reading);
  const auto over = positive_time(map, "over", reading);
  if (!from || !to || !over) return std::nullopt;
  return Course{{{nanoseconds(0), *from}, {*over, *to}}, true, kUntilTheEnd, *from};
}

// `pulse: {value: 1, width: 200ms}`: afterwards the input is driven as before.
std::optional<Course> read_pulse(MapReader& map, const DrivenField& field, Reading& reading) {
  const auto value = value_in(map, "value", field, reading);
  const auto width = positive_time(map, "width", reading);
  if (!value || !width) return std::nullopt;
  return Course{{{nanoseconds(0), *value}}, false, *width, std::nullopt};
}

// `csv: {file: profile.csv, column: r, time: t, hold: zero_order | linear}`
std::optional<Course> read_profile(MapReader& map, Reading& reading) {
  const MarkedEntry* hold = map.find("hold");
  Course course;
  if (hold) {
    const auto read = graph::read_word<bool>(
        hold->value, "'hold'", {{"zero_order", false}, {"linear", true}}, reading.report);
    course.interpolates = read.value_or(false);
  }
  const auto table = read_table(map, reading);
  if (!table) return std::nullopt;
  for (std::size_t i = 0; i < table->t.size(); ++i) {
    course.points.push_back({nanoseconds(std::llround(table->t[i] * 1e9)), table->values[i]});
  }
  return course;
}

// The one of `to`, `step`, `ramp`, `pulse`, `csv` that is there.
std::optional<Course> read_course(MapReader& map, const DrivenField& field, const Mark& mark,
                                  Reading& reading) {
  std::optional<Course> course;
  int ways = 0;
  if (const MarkedEntry* to = map.find("to")) {
    ++ways;
    if (const auto value = read_driven(to->value, "'to'", field, reading)) {
      course = Course{{{nanoseconds(0), *value}}, false, kUntilTheEnd, std::nullopt};
    }
  }
  const auto shape = [&](const char* key, auto read) {
    const MarkedEntry* entry = map.find(key);
    if (!entry) return;
    ++ways;
    MapReader inner(entry->value, format("'{}'", key), entry->key.mark, reading.report);
    if (!inner.is_map()) return;
    course = read(inner);
    inner.finish();
  };
  shape("step", [&](MapReader& m) { return read_step(m, field, reading); });
  shape("ramp", [&](MapReader& m) { return read_ramp(m, field, reading); });
  shape("pulse", [&](MapReader& m) { return read_pulse(m, field, reading); });
  shape("csv", [&](MapReader& m) { return read_profile(m, reading); });
  if (ways == 1) return course;
  reading.report.error(
      {.code = "scenario.bad-stimulus",
       .mark = mark,
       .message = ways == 0 ? "this stimulus has no value" : "a stimulus has one value or shape",
       .help = "one of to, step, ramp, pulse, csv"});
  return std::nullopt;
}

// `set: NODE.params.NAME`: before the start, as if the graph said so.
void read_param(const ParamTarget& target, MapReader& map, const MarkedEntry& set,
                Reading& reading) {
  const MarkedEntry* to = map.require("to", "the parameter's value, as the graph would write it");
  const auto at = read_time(map, "at", reading);
  map.finish();
  if (at && at->count() != 0) {
    reading.report.error({.code = "scenario.bad-stimulus",
                          .mark = set.value.mark,
                          .message = "a parameter is set before the start: at: 0s",
                          .help = "give it once, without 'at', or drive an input instead"});
  }
  // Its value is in the graph already; what is wrong with it is said there.
  if (to) static_cast<void>(graph::check_shape(to->value, Shape::scalar, "'to'", reading.report));
  MarkedNode node = set.value;
  node.text = target.node;
  const auto name = read_node(node, "'set'", reading);
  if (!name || !reading.graph_is_whole) return;
  std::vector<std::string> known;
  for (const auto& param : reading.graph.find(*name)->declaration.params) {
    known.push_back(param.name);
  }
  if (std::find(known.begin(), known.end(), target.param) != known.end()) return;
  const std::string near = nearest_word(target.param, known);
  reading.report.error({.code = "scenario.bad-target",
                        .mark = set.value.mark,
                        .message = format("node '{}' has no parameter '{}'", *name, target.param),
                        .help = near.empty() ? format("there: {}", fmt::join(known, ", "))
                                             : format("did you mean '{}'?", near)});
}

void read_stimulus(const MarkedNode& item, Reading& reading) {
  MapReader map(item, "a stimulus", item.mark, reading.report);
  if (!map.is_map()) return;
  const MarkedEntry* set = map.require("set", "the input that is driven: NODE.INPUT");
  if (!set) return;  // Without a target nothing is known of what else stands there.
  if (const auto param = param_target(set->value)) return read_param(*param, map, *set, reading);
  const auto field = read_target(set->value, reading);
  StimulusSpec stimulus;
  const MarkedEntry* when = map.find("when");
  if (when) stimulus.when = read_trigger(*when, reading);
  const auto at = read_begin(map, "scenario.bad-stimulus", reading);
  if (!field) return;
  const auto course = read_course(map, *field, set->key.mark, reading);
  map.finish();
  const bool has_time = item.find("at") != nullptr;
  if ((item.find("when") != nullptr) == has_time) {
    reading.report.error({.code = "scenario.bad-stimulus",
                          .mark = set->key.mark,
                          .message = has_time ? "this stimulus has a time and a condition"
                                              : "this stimulus does not say when",
                          .help = "give it 'at: 1s' or 'when: {becomes_true: ...}'"});
    return;
  }
  const bool begins = has_time ? at.has_value() : stimulus.when.has_value();
  if (!course || !begins) return;
  Injection& injection = stimulus.injection;
  injection.name = format("stimulus {}", reading.spec.stimuli.size() + 1);
  injection.target = field->target;
  injection.verb = InjectionVerb::set;
  injection.interpolate = course->interpolates;
  const nanoseconds begin = at.value_or(nanoseconds(0));
  injection.from = begin;
  if (course->lasts != kUntilTheEnd) injection.until = begin + course->lasts;
  if (!when && begin.count() > 0) stimulus.before = course->before;
  for (const InjectionPoint& point : course->points) {
    injection.points.push_back({begin + point.at, point.value});
  }
  const bool is_possible = is_accepted(check_injection(reading.graph, injection),
                                       "scenario.bad-stimulus", set->key.mark, reading);
  if (!is_possible) return;
  reading.spec.stimuli.push_back(std::move(stimulus));
}

}  // namespace

namespace {

// The first step or ramp of an input says where that stands until then.
void add_beginnings(std::vector<StimulusSpec>& stimuli) {
  std::vector<StimulusSpec> beginnings;
  for (std::size_t i = 0; i < stimuli.size(); ++i) {
    const InputTarget& target = stimuli[i].injection.target;
    const bool is_first =
        std::none_of(stimuli.begin(), stimuli.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const StimulusSpec& other) {
                       return !other.when && other.injection.target.text() == target.text();
                     });
    if (!stimuli[i].before || !is_first) continue;
    StimulusSpec& begun = beginnings.emplace_back();
    begun.injection.name = stimuli[i].injection.name + " (before)";
    begun.injection.target = target;
    begun.injection.verb = InjectionVerb::set;
    begun.injection.points = {{nanoseconds(0), *stimuli[i].before}};
  }
  stimuli.insert(stimuli.begin(), std::make_move_iterator(beginnings.begin()),
                 std::make_move_iterator(beginnings.end()));
}

}  // namespace

void read_stimuli(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.find("stimulus");
  if (!entry || !graph::check_shape(entry->value, Shape::list, "'stimulus'", reading.report)) {
    return;
  }
  for (const MarkedNode& item : entry->value.items) read_stimulus(item, reading);
  // Of two on one input the later one counts, wherever it stands in the file.
  std::stable_sort(reading.spec.stimuli.begin(), reading.spec.stimuli.end(),
                   [](const StimulusSpec& a, const StimulusSpec& b) {
                     return a.injection.from < b.injection.from;
                   });
  add_beginnings(reading.spec.stimuli);
}

}  // namespace takt::scenario
