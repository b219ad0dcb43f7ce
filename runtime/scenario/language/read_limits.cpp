// `min`, `max`, `within`, `expect` with its tolerance: between what a figure must lie.
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

// How far from `value` is allowed.
std::optional<double> read_room(const MarkedEntry& tolerance, double value, const std::string& unit,
                                Reading& reading) {
  MapReader map(tolerance.value, "'tolerance'", tolerance.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  double room = 0.0;
  if (const MarkedEntry* abs = map.find("abs")) {
    room += read_value(abs->value, "'abs'", unit, reading).value_or(0.0);
  }
  if (const MarkedEntry* rel = map.find("rel")) {
    room += std::abs(value) * read_value(rel->value, "'rel'", "1", reading).value_or(0.0);
  }
  map.finish();
  if (tolerance.value.entries.empty()) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = tolerance.value.mark,
                          .message = "this tolerance is empty",
                          .help = "abs: 0.1 or rel: 2%; abs: 0 for exactly this value"});
  }
  return room;
}

void read_within(const MarkedEntry& within, const std::string& unit, Limits& limits,
                 Reading& reading) {
  if (!graph::check_shape(within.value, Shape::list, "'within'", reading.report)) return;
  const auto& items = within.value.items;
  if (items.size() == 2) {
    limits.min = read_value(items[0], "'within'", unit, reading);
    limits.max = read_value(items[1], "'within'", unit, reading);
    return;
  }
  reading.report.error({.code = "scenario.bad-limits",
                        .mark = within.value.mark,
                        .message = "'within' is the smallest and the largest allowed value",
                        .help = "as in within: [0.9, 1.1]"});
}

}  // namespace

Limits read_limits(MapReader& map, const std::string& unit, Reading& reading) {
  Limits limits;
  const auto number = [&](const MarkedNode& node, const char* what) {
    return read_value(node, what, unit, reading);
  };
  const std::size_t before = reading.report.count();
  if (const MarkedEntry* min = map.find("min")) limits.min = number(min->value, "'min'");
  if (const MarkedEntry* max = map.find("max")) limits.max = number(max->value, "'max'");
  const MarkedEntry* within = map.find("within");
  const MarkedEntry* expect = map.find("expect");
  const int ways = (limits.min || limits.max ? 1 : 0) + (within ? 1 : 0) + (expect ? 1 : 0);
  if (ways > 1) {
    reading.report.error({.code = "scenario.bad-limits",
                          .mark = (within ? within : expect)->key.mark,
                          .message = format("{} has its limits twice", map.what()),
                          .help = "min and max, or within: [low, high], or expect with tolerance"});
    static_cast<void>(map.find("tolerance"));
    return limits;
  }
  if (within) read_within(*within, unit, limits, reading);
  if (expect) {
    const auto value = number(expect->value, "'expect'");
    const MarkedEntry* tolerance = map.require("tolerance", "tolerance: {rel: 2%} or {abs: 0.1}");
    if (!value || !tolerance) return limits;
    const auto room = read_room(*tolerance, *value, unit, reading);
    if (!room) return limits;
    limits.min = *value - *room;
    limits.max = *value + *room;
  }
  // Limits that could not be read are no missing ones.
  if (before < reading.report.count()) return limits;
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

}  // namespace takt::scenario
