#include <algorithm>

#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

using std::chrono::nanoseconds;

std::optional<TriggerDraft> read_period(MapReader& map, const MarkedEntry& entry, Report& report) {
  const MarkedEntry* offset_entry = map.find("offset");
  const auto period = read_positive_duration(entry.value, "'period'", report);
  if (!period) return std::nullopt;
  if (*period < kPeriodMin) {
    report.error({.code = "graph.out-of-range",
                  .mark = entry.value.mark,
                  .message = format("a period of {} is shorter than {} us", entry.value.text,
                                    kPeriodMin / std::chrono::microseconds(1)),
                  .help = "no timer of Linux wakes a process that often"});
    return std::nullopt;
  }
  TriggerDraft trigger;
  trigger.mark = entry.key.mark;
  trigger.period = *period;
  if (!offset_entry) return trigger;
  const auto offset = read_duration(offset_entry->value, "'offset'", report);
  if (offset && (*offset < nanoseconds(0) || *offset >= *period)) {
    report.error({.code = "graph.bad-offset",
                  .mark = offset_entry->value.mark,
                  .message = format("an offset of {} does not lie within the period of {}",
                                    offset_entry->value.text, entry.value.text),
                  .help = "an offset is at least zero and less than the period"});
  } else if (offset) {
    trigger.offset = *offset;
  }
  return trigger;
}

void read_input_list(const MarkedNode& list, const std::string& what, TriggerDraft& trigger,
                     Report& report) {
  if (!check_shape(list, Shape::list, what, report)) return;
  if (list.items.empty()) {
    report.error({.code = "graph.wrong-shape",
                  .mark = list.mark,
                  .message = format("{} names no input", what)});
  }
  for (const MarkedNode& item : list.items) {
    const auto name = read_text(item, "the name of an input", report);
    if (!name) continue;
    const bool again = std::any_of(trigger.inputs.begin(), trigger.inputs.end(),
                                   [&](const Marked<std::string>& i) { return i.value == *name; });
    if (again) {
      report.error({.code = "graph.duplicate-key",
                    .mark = item.mark,
                    .message = format("input '{}' stands twice in {}", *name, what)});
      continue;
    }
    trigger.inputs.push_back({*name, item.mark});
  }
}

std::optional<TriggerDraft> read_on(const MarkedEntry& entry, Report& report) {
  TriggerDraft trigger;
  trigger.mark = entry.key.mark;
  trigger.kind = TriggerKind::on_input;
  if (entry.value.shape == Shape::scalar) {
    trigger.inputs.push_back({entry.value.text, entry.value.mark});
    return trigger;
  }
  MapReader map(entry.value, "'on'", entry.key.mark, report);
  if (!map.is_map()) return std::nullopt;
  const MarkedEntry* all = map.find("all");
  const MarkedEntry* any = map.find("any");
  const MarkedEntry* within = map.find("within");
  map.finish();
  if (all && any) {
    report.error({.code = "graph.two-triggers",
                  .mark = any->key.mark,
                  .message = "'on' has both 'all' and 'any'",
                  .notes = {{"'all' stands here", all->key.mark}}});
    return std::nullopt;
  }
  if (!all && !any) {
    report.error({.code = "graph.no-trigger",
                  .mark = entry.key.mark,
                  .message = "'on' names no input",
                  .help = "write 'on: input', 'on: {all: [a, b]}' or 'on: {any: [a, b]}'"});
    return std::nullopt;
  }
  trigger.kind = all ? TriggerKind::on_all : TriggerKind::on_any;
  const MarkedEntry& list = all ? *all : *any;
  read_input_list(list.value, format("'{}'", list.key.value), trigger, report);
  if (within && !all) {
    report.error({.code = "graph.without-effect",
                  .mark = within->key.mark,
                  .message = "'within' has no effect with 'any'",
                  .help = "it limits how far the stamps of 'all' inputs may differ"});
  } else if (within) {
    const auto span = read_positive_duration(within->value, "'within'", report);
    if (span) trigger.within = *span;
  }
  return trigger;
}

std::optional<TriggerDraft> read_run(const MarkedEntry& entry, Report& report) {
  const auto kind =
      read_word<TriggerKind>(entry.value, "'run'", {{"free", TriggerKind::free_running}}, report);
  if (!kind) return std::nullopt;
  TriggerDraft trigger;
  trigger.mark = entry.key.mark;
  trigger.kind = *kind;
  return trigger;
}

}  // namespace

std::optional<TriggerDraft> read_trigger(MapReader& map, const Marked<std::string>& node,
                                         Report& report) {
  const MarkedEntry* period = map.find("period");
  const MarkedEntry* on = map.find("on");
  const MarkedEntry* run = map.find("run");
  const MarkedEntry* first = period ? period : on ? on : run;
  if (!first) {
    report.error({.code = "graph.no-trigger",
                  .mark = node.mark,
                  .message = format("nothing releases node '{}'", node.value),
                  .help = "give it a 'period', 'on: input' or 'run: free'"});
    map.find("offset");
    return std::nullopt;
  }
  const MarkedEntry* second = period && on ? on : run != first ? run : nullptr;
  if (second) {
    report.error({.code = "graph.two-triggers",
                  .mark = second->key.mark,
                  .message = format("node '{}' has two triggers: '{}' and '{}'", node.value,
                                    first->key.value, second->key.value),
                  .help = "keep the one that shall release it",
                  .notes = {{format("'{}' stands here", first->key.value), first->key.mark}}});
  }
  if (period) return read_period(map, *period, report);
  if (const MarkedEntry* offset = map.find("offset")) {
    report.error({.code = "graph.bad-offset",
                  .mark = offset->key.mark,
                  .message = format("'offset' has no effect without 'period'"),
                  .help = "an offset moves a node on the common grid of periods"});
  }
  return on ? read_on(*on, report) : read_run(*run, report);
}

}  // namespace takt::graph
