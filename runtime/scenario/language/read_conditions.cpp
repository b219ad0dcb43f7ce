// Conditions, formulas and triggers, with the place of every mistake within its expression.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/expression/words.hpp"
#include "runtime/scenario/language/place.hpp"
#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

void report_error(const MarkedNode& node, const ExpressionError& error, Reading& reading) {
  if (node.text.find("${") != std::string::npos) return;  // Reported as no parameter.
  reading.report.error({.code = "scenario.bad-expression",
                        .mark = place_in(node, error.at, error.length, reading.spec.source_text,
                                         reading.spec.parameters),
                        .message = error.message,
                        .help = error.help});
}

// Whether the word `t` stands in an expression.
bool reads_time(const std::string& text) {
  for (std::size_t i = text.find('t'); i != std::string::npos; i = text.find('t', i + 1)) {
    const bool begins = i == 0 || !is_word(text[i - 1]);
    if (begins && (i + 1 == text.size() || !is_word(text[i + 1]))) return true;
  }
  return false;
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
  const auto node =
      process ? read_node(process->value, "'process'", reading) : std::optional<std::string>();
  if (!text) return;
  std::vector<std::string> known;
  for (const EventWords& words : kEvents) {
    known.emplace_back(words.event);
    if (*text == words.event) trigger.event = words.kind;
  }
  if (trigger.event.empty()) {
    return graph::report_unknown_word({*text, entry.value.mark}, "'event'", known, reading.report);
  }
  trigger.name = node.value_or("");
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
  const std::vector<std::string>& names = reading.fault_names;
  const bool is_further_down = std::find(names.begin(), names.end(), *name) != names.end();
  // What is wrong with a fault that was read is said there.
  if (is_further_down && reading.faults_are_read) return;
  const std::string near = nearest_word(*name, names);
  reading.report.error(
      {.code = "scenario.unknown-fault",
       .mark = entry.value.mark,
       .message = is_further_down
                      ? format("the fault '{}' does not stand above this one", *name)
                      : format("this scenario has no fault '{}'{}", *name,
                               near.empty() ? "" : format("; did you mean '{}'?", near)),
       .help = is_further_down ? "write faults in the order in which they bring about each other"
               : names.empty() ? "'name:' gives a fault its name"
                               : format("its faults: {}", fmt::join(names, ", "))});
}

}  // namespace

std::optional<Condition> read_condition(const MarkedNode& node, const std::string& what,
                                        Reading& reading) {
  const auto text = graph::read_text(node, what, reading.report);
  if (!text) return std::nullopt;
  ExpressionError error;
  auto condition = Condition::parse(*text, reading.scope, error);
  if (!condition) {
    report_error(node, error, reading);
  } else if (condition->signals().empty() && !reads_time(*text)) {
    report_error(node,
                 {0, text->size(), "this condition names no signal: it is always the same",
                  "name one, or 't', the time in seconds"},
                 reading);
    return std::nullopt;
  }
  return condition;
}

std::optional<Formula> read_formula(const MarkedNode& node, const std::string& what,
                                    Reading& reading) {
  const auto text = graph::read_text(node, what, reading.report);
  if (!text) return std::nullopt;
  ExpressionError error;
  auto formula = Formula::parse(*text, reading.scope, error);
  if (!formula) {
    report_error(node, error, reading);
  } else if (formula->signals().empty() && !reads_time(*text)) {
    report_error(node,
                 {0, text->size(), "this formula names no signal: it is always the same",
                  "name one, or 't', the time in seconds"},
                 reading);
    return std::nullopt;
  }
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
