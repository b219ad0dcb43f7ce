// What a number must lie between, and which signals are drawn together.
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {

Limits read_limits(MapReader& map, const std::string& unit, Reading& reading) {
  Limits limits;
  const auto number = [&](const MarkedNode& node, const char* what) {
    return read_value(node, what, unit, reading);
  };
  const std::size_t before = reading.report.count();
  if (const MarkedEntry* min = map.find("min")) limits.min = number(min->value, "'min'");
  if (const MarkedEntry* max = map.find("max")) limits.max = number(max->value, "'max'");
  const std::size_t unread = reading.report.count() - before;
  const MarkedEntry* within = map.find("within");
  const MarkedEntry* other = map.find("expect");
  const int ways = (limits.min || limits.max ? 1 : 0) + (within ? 1 : 0) + (other ? 1 : 0);
  if (ways > 1) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = (within ? within : other)->key.mark,
                          .message = format("{} has its limits twice", map.what()),
                          .help = "min and max, or within: [low, high], or expect with tolerance"});
    static_cast<void>(map.find("tolerance"));
    return limits;
  }
  const std::size_t findings = reading.report.count();
  if (within && graph::check_shape(within->value, Shape::list, "'within'", reading.report)) {
    const auto& items = within->value.items;
    if (items.size() == 2) {
      limits.min = number(items[0], "'within'");
      limits.max = number(items[1], "'within'");
    } else {
      reading.report.error({.code = "scenario.bad-limits",
                            .mark = within->value.mark,
                            .message = "'within' is the smallest and the largest allowed value",
                            .help = "as in within: [0.9, 1.1]"});
    }
  }
  if (const MarkedEntry* expect = map.find("expect")) {
    const auto value = number(expect->value, "'expect'");
    const MarkedEntry* tolerance = map.require("tolerance", "tolerance: {rel: 2%} or {abs: 0.1}");
    if (!value || !tolerance) return limits;
    MapReader inner(tolerance->value, "'tolerance'", tolerance->key.mark, reading.report);
    if (!inner.is_map()) return limits;
    double room = 0.0;
    if (const MarkedEntry* abs = inner.find("abs")) {
      room += number(abs->value, "'abs'").value_or(0.0);
    }
    if (const MarkedEntry* rel = inner.find("rel")) {
      room += std::abs(*value) * read_value(rel->value, "'rel'", "1", reading).value_or(0.0);
    }
    inner.finish();
    if (tolerance->value.entries.empty()) {
      reading.report.error({.code = "scenario.bad-limits",
                            .mark = tolerance->value.mark,
                            .message = "this tolerance is empty",
                            .help = "abs: 0.1 or rel: 2%; abs: 0 for exactly this value"});
    }
    limits.min = *value - room;
    limits.max = *value + room;
  }
  // Limits that could not be read are no missing ones.
  if (findings < reading.report.count() || unread > 0) return limits;
  if (!limits.min && !limits.max) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = map.place(),
                          .message = format("{} has no limits: it could not fail", map.what()),
                          .help = "min, max, within: [low, high], or expect with tolerance"});
  } else if (limits.min && limits.max && *limits.min > *limits.max) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = map.place(),
                          .message = format("{} has limits that nothing meets", map.what())});
  }
  return limits;
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
