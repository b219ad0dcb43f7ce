// Conditions, formulas and triggers, with the place of every mistake within its expression.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

// The run of characters within the scalar where the user wrote it.
Mark place_of(const MarkedNode& node, const ExpressionError& error) {
  const int skip = node.quoted ? 1 : 0;
  Mark mark = node.mark;
  const int width = std::max(1, node.mark.end_column - node.mark.column - 2 * skip);
  const int at = std::min(static_cast<int>(error.at), width - 1);
  const int length = std::min(static_cast<int>(error.length), width - at);
  mark.column += skip + at;
  mark.end_column = mark.column + length;
  return mark;
}

void report_error(const MarkedNode& node, const ExpressionError& error, Reading& reading) {
  reading.report.error({.code = "scenario.bad-expression",
                        .mark = place_of(node, error),
                        .message = error.message,
                        .help = error.help});
}

struct EventWords {
  const char* event;
  const char* kind;  // Of the EventRecord.
};
constexpr std::array kEvents{EventWords{"process.exit", "exit"},
                             EventWords{"process.ready", "ready"}};

// `event: process.exit, process: pid`
void read_event(MapReader& map, const MarkedEntry& entry, TriggerSpec& trigger, Reading& reading) {
  const auto text = graph::read_text(entry.value, "'event'", reading.report);
  const MarkedEntry* process = map.require("process", "the node whose process is meant");
  if (!text || !process) return;
  std::vector<std::string> known;
  for (const EventWords& words : kEvents) {
    known.emplace_back(words.event);
    if (*text == words.event) trigger.event = words.kind;
  }
  if (trigger.event.empty()) {
    return graph::report_unknown_word({*text, entry.value.mark}, "'event'", known, reading.report);
  }
  trigger.name = process->value.text;
  if (reading.graph_is_whole && reading.graph.find(trigger.name) == nullptr) {
    reading.report.error({.code = "scenario.unknown-node",
                          .mark = process->value.mark,
                          .message = format("the graph has no node '{}'", trigger.name)});
  }
  trigger.text = format("{} of '{}'", *text, trigger.name);
}

void read_fault_event(const MarkedEntry& entry, TriggerSpec& trigger, Reading& reading) {
  trigger.event = entry.key.value;
  const auto name = graph::read_text(entry.value, format("'{}'", entry.key.value), reading.report);
  if (!name) return;
  trigger.name = *name;
  trigger.text = format("{} '{}'", entry.key.value, *name);
  const auto& faults = reading.spec.faults;
  const bool known = std::any_of(faults.begin(), faults.end(),
                                 [&](const FaultSpec& fault) { return fault.name == *name; });
  if (known) return;
  std::vector<std::string> names;
  for (const FaultSpec& fault : faults) names.push_back(fault.name);
  reading.report.error(
      {.code = "scenario.unknown-fault",
       .mark = entry.value.mark,
       .message = format("this scenario has no fault '{}'", *name),
       .help = names.empty() ? "" : format("its faults: {}", fmt::join(names, ", "))});
}

}  // namespace

std::optional<Condition> read_condition(const MarkedNode& node, const std::string& what,
                                        Reading& reading) {
  const auto text = graph::read_text(node, what, reading.report);
  if (!text) return std::nullopt;
  ExpressionError error;
  auto condition = Condition::parse(*text, reading.scope, error);
  if (!condition) report_error(node, error, reading);
  return condition;
}

std::optional<Formula> read_formula(const MarkedNode& node, const std::string& what,
                                    Reading& reading) {
  const auto text = graph::read_text(node, what, reading.report);
  if (!text) return std::nullopt;
  ExpressionError error;
  auto formula = Formula::parse(*text, reading.scope, error);
  if (!formula) report_error(node, error, reading);
  return formula;
}

std::optional<TriggerSpec> read_trigger(const MarkedEntry& entry, Reading& reading) {
  MapReader map(entry.value, format("'{}'", entry.key.value), entry.key.mark, reading.report);
  if (!map.is_map()) return std::nullopt;
  TriggerSpec trigger;
  int ways = 0;
  if (const MarkedEntry* becomes = map.find("becomes_true")) {
    ++ways;
    trigger.becomes_true = read_condition(becomes->value, "'becomes_true'", reading);
    trigger.text = format("{} becomes true", becomes->value.text);
    trigger.stays = read_time(map, "stays_true_for_at_least", reading).value_or(nanoseconds(0));
  }
  if (const MarkedEntry* event = map.find("event")) {
    ++ways;
    read_event(map, *event, trigger, reading);
  }
  for (const char* key : {"fault", "fault_cleared"}) {
    if (const MarkedEntry* fault = map.find(key)) {
      ++ways;
      read_fault_event(*fault, trigger, reading);
    }
  }
  trigger.delay = read_time(map, "delay", reading).value_or(nanoseconds(0));
  map.finish();
  if (ways != 1) {
    reading.report.error({.code = "scenario.bad-trigger",
                          .mark = entry.key.mark,
                          .message = ways == 0 ? "this trigger says nothing that could happen"
                                               : "a trigger is one event",
                          .help = "one of becomes_true, event, fault, fault_cleared"});
    return std::nullopt;
  }
  if (!trigger.becomes_true && trigger.event.empty()) return std::nullopt;
  return trigger;
}

}  // namespace takt::scenario
