// Assessments whose value is a map of figures: settles, step_response, compare, timing, counter.
#include <algorithm>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

// A share of `whole`, as in `2 %`, or a number in the unit of the signal.
double read_band(const MarkedNode& node, const char* what, const std::string& unit, double whole,
                 Reading& reading) {
  if (node.shape == Shape::scalar && node.text.find('%') != std::string::npos) {
    return std::abs(whole) * read_value(node, what, "1", reading).value_or(0.0);
  }
  return std::abs(read_value(node, what, unit, reading).value_or(0.0));
}

std::string unit_of(const Reading& reading, std::optional<std::size_t> signal) {
  return signal ? reading.spec.signals[*signal].unit : "";
}

std::optional<std::size_t> require_signal(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.require("signal", "one of the signals of this scenario");
  return entry ? read_signal(entry->value, "'signal'", reading) : std::nullopt;
}

struct Figure {
  const char* key;
  const char* unit;  // Of its limits; null: the signal's.
};
// As lib_metrics of the oracle names them.
constexpr std::array kFigures{Figure{"rise_time", "s"},
                              Figure{"settling_time", "s"},
                              Figure{"overshoot", "1"},
                              Figure{"steady_state_error", nullptr},
                              Figure{"final_value", nullptr},
                              Figure{"peak_time", "s"},
                              Figure{"iae", ""}};

// Counters of a node in the summary of a run, and of its inputs and outputs.
constexpr std::array kNodeCounters{std::string_view("cycles"),    std::string_view("overruns"),
                                   std::string_view("skipped"),   std::string_view("misses"),
                                   std::string_view("restarts"),  std::string_view("stale_steps"),
                                   std::string_view("non_finite")};
constexpr std::array kInputCounters{std::string_view("taken"), std::string_view("lost"),
                                    std::string_view("stale"), std::string_view("switches"),
                                    std::string_view("injected")};
constexpr std::array kTimingFigures{std::string_view("wake_p50"), std::string_view("wake_p99"),
                                    std::string_view("wake_max"), std::string_view("step_p50"),
                                    std::string_view("step_p99"), std::string_view("step_max")};

template <typename Table>
bool has(const Table& table, const std::string& word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

// `NODE.COUNTER` or `NODE.INPUT.COUNTER`.
bool check_counter(const MarkedNode& place, const std::string& path, Reading& reading) {
  const std::vector<std::string> parts = split(path, '.');
  if (parts.size() < 2 || parts.size() > 3) {
    reading.report.error({.code = "scenario.unknown-counter",
                          .mark = place.mark,
                          .message = format("'{}' is no counter", path),
                          .help = "NODE.COUNTER or NODE.INPUT.COUNTER"});
    return false;
  }
  MarkedNode node = place;
  node.text = parts[0];
  if (!read_node(node, "'of'", reading)) return false;
  const bool known =
      parts.size() == 2 ? has(kNodeCounters, parts[1]) : has(kInputCounters, parts[2]);
  bool has_input = parts.size() == 2 || !reading.graph_is_whole;
  if (!has_input) {
    const auto& inputs = reading.graph.find(parts[0])->inputs;
    has_input = std::any_of(inputs.begin(), inputs.end(),
                            [&](const InputConfig& input) { return input.name == parts[1]; });
  }
  if (known && has_input) return true;
  reading.report.error(
      {.code = "scenario.unknown-counter",
       .mark = place.mark,
       .message = has_input ? format("there is no counter '{}'", parts.back())
                            : format("node '{}' has no input '{}'", parts[0], parts[1]),
       .help = parts.size() == 2 ? format("of a node: {}", fmt::join(kNodeCounters, ", "))
                                 : format("of an input: {}", fmt::join(kInputCounters, ", "))});
  return false;
}

}  // namespace

std::optional<SettlesSpec> read_settles(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, "'settles'", entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  const auto signal = require_signal(map, reading);
  const std::string unit = unit_of(reading, signal);
  SettlesSpec settles;
  const MarkedEntry* to = map.require("to", "where it must settle");
  const MarkedEntry* band = map.require("band", "how far from there it may be: 2 % or a value");
  if (to) settles.to = read_value(to->value, "'to'", unit, reading).value_or(0.0);
  const std::size_t findings = reading.report.count();
  if (band) settles.band = read_band(band->value, "'band'", unit, settles.to, reading);
  if (to && band && findings == reading.report.count() && settles.band == 0.0) {
    reading.report.error(
        {.code = "scenario.bad-limits",
         .mark = band->value.mark,
         .message = format("a band of {} around {} has no width", band->value.text, to->value.text),
         .help = "give it as a value in the unit of the signal"});
  }
  const MarkedEntry* within = map.require("within", "how long it may take");
  if (within) {
    settles.within = graph::read_positive_duration(within->value, "'within'", reading.report)
                         .value_or(nanoseconds(0));
  }
  settles.stays = read_time(map, "stays", reading).value_or(nanoseconds(0));
  if (const MarkedEntry* exit = map.find("allow_exit")) {
    settles.allow_exit =
        graph::read_boolean(exit->value, "'allow_exit'", reading.report).value_or(false);
  }
  map.finish();
  if (!signal) return std::nullopt;
  settles.signal = *signal;
  return settles;
}

std::optional<StepResponseSpec> read_step_response(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, "'step_response'", entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  const auto signal = require_signal(map, reading);
  const std::string unit = unit_of(reading, signal);
  StepResponseSpec step;
  const MarkedEntry* reference = map.require("reference", "reference: {from: 0, to: 1}");
  if (reference) {
    MapReader inner(reference->value, "'reference'", reference->key.mark, reading.report);
    const MarkedEntry* from = inner.find("from");
    const MarkedEntry* to = inner.require("to", "the value that the signal shall reach");
    if (from) step.from = read_value(from->value, "'from'", unit, reading).value_or(0.0);
    const auto end = to ? read_value(to->value, "'to'", unit, reading) : std::nullopt;
    step.to = end.value_or(0.0);
    inner.finish();
    if (end && *end == step.from) {
      reading.report.error({.code = "scenario.bad-limits",
                            .mark = reference->value.mark,
                            .message = "a step from a value to itself has no response",
                            .help = "'from' is 0 when it is left out"});
    }
  }
  step.origin = read_time(map, "origin", reading).value_or(nanoseconds(0));
  for (const Figure& figure : kFigures) {
    const MarkedEntry* asked = map.find(figure.key);
    if (!asked) continue;
    MapReader inner(asked->value, format("'{}'", figure.key), asked->key.mark, reading.report);
    if (!inner.is_map()) continue;
    if (std::string_view(figure.key) == "settling_time") {
      if (const MarkedEntry* band = inner.find("band")) {
        step.settling_band = read_band(band->value, "'band'", "1", 1.0, reading);
      }
    }
    step.figures[figure.key] = read_limits(inner, figure.unit ? figure.unit : unit, reading);
    inner.finish();
  }
  map.finish();
  if (step.figures.empty()) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = entry.key.mark,
                          .message = "'step_response' asks for no figure: it could not fail",
                          .help = "one of rise_time, settling_time, overshoot, peak_time, "
                                  "steady_state_error, final_value, iae"});
  }
  if (!signal) return std::nullopt;
  step.signal = *signal;
  return step;
}

std::optional<CompareSpec> read_compare(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, "'compare'", entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  const auto signal = require_signal(map, reading);
  CompareSpec compare;
  const MarkedEntry* oracle = map.require("oracle", "oracle: {file: reference.csv, column: y}");
  if (oracle) {
    MapReader inner(oracle->value, "'oracle'", oracle->key.mark, reading.report);
    compare.origin = read_time(inner, "origin", reading).value_or(nanoseconds(0));
    if (auto table = read_table(inner, reading)) {
      compare.file = oracle->value.find("file")->value.text;
      compare.t = std::move(table->t);
      compare.values = std::move(table->values);
    }
    inner.finish();
  }
  if (const MarkedEntry* tolerance =
          map.require("tolerance", "tolerance: {abs: 0.01}, with rel and time_shift")) {
    MapReader inner(tolerance->value, "'tolerance'", tolerance->key.mark, reading.report);
    const MarkedEntry* abs = inner.find("abs");
    const MarkedEntry* rel = inner.find("rel");
    const std::string unit = unit_of(reading, signal);
    if (abs) compare.abs = read_value(abs->value, "'abs'", unit, reading).value_or(0.0);
    if (rel) compare.rel = read_value(rel->value, "'rel'", "1", reading).value_or(0.0);
    compare.time_shift = read_time(inner, "time_shift", reading).value_or(nanoseconds(0));
    inner.finish();
    if (tolerance->value.shape == Shape::map && !abs && !rel) {
      reading.report.error({.code = "scenario.bad-limits",
                            .mark = tolerance->value.mark,
                            .message = "this tolerance says nothing about values",
                            .help = "abs: 0.1 or rel: 2%; abs: 0 for exactly these values"});
    }
  }
  map.finish();
  if (!signal || compare.t.empty()) return std::nullopt;
  compare.signal = *signal;
  return compare;
}

std::optional<TimingSpec> read_timing(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, "'timing'", entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  const MarkedEntry* node = map.require("node", "the node whose times are meant");
  TimingSpec timing;
  const auto name = node ? read_node(node->value, "'node'", reading) : std::optional<std::string>();
  timing.node = name.value_or("");
  const auto add = [&](const auto& figures, bool is_time) {
    for (const std::string_view figure : figures) {
      const std::string key(figure);
      const MarkedEntry* asked = map.find(key);
      if (!asked) continue;
      Limits limits;
      if (is_time) {
        const auto most = graph::read_positive_duration(asked->value, key, reading.report);
        if (most) limits.max = static_cast<double>(most->count());
      } else {
        limits.max = read_value(asked->value, key, "", reading);
      }
      timing.limits.push_back({timing.node + "." + key, limits});
    }
  };
  add(kTimingFigures, true);
  add(std::array{std::string_view("overruns"), std::string_view("skipped"),
                 std::string_view("misses")},
      false);
  map.finish();
  if (!name) return std::nullopt;
  if (timing.limits.empty()) {
    reading.report.error(
        {.code = "scenario.bad-limits",
         .mark = entry.key.mark,
         .message = "'timing' has no limits: it could not fail",
         .help = format("misses, overruns, skipped, {}", fmt::join(kTimingFigures, ", "))});
  }
  if (reading.spec.clock == ClockMode::lockstep) {
    reading.report.error({.code = "scenario.timing-in-lockstep",
                          .mark = entry.key.mark,
                          .message = "in lockstep times say nothing: no time passes in a step",
                          .help = "run this scenario with 'clock: realtime'"});
  }
  return timing;
}

std::optional<TimingSpec> read_counter(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, "'counter'", entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  const MarkedEntry* of = map.require("of", "NODE.COUNTER or NODE.INPUT.COUNTER");
  const Limits limits = read_limits(map, "", reading);
  map.finish();
  if (!of || !graph::read_text(of->value, "'of'", reading.report)) return std::nullopt;
  if (!check_counter(of->value, of->value.text, reading)) return std::nullopt;
  if (!limits.max && limits.min && *limits.min <= 0.0) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = entry.key.mark,
                          .message = "a counter is never below zero: this could not fail",
                          .help = "give it a 'max', or a 'min' of 1 and more"});
  }
  return TimingSpec{split(of->value.text, '.').front(), {{of->value.text, limits}}};
}

}  // namespace takt::scenario
