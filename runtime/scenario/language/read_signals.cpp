#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/quantity.hpp>
#include <takt/graph/scalars.hpp>
#include <takt/graph/values.hpp>

#include "runtime/scenario/judge/judge.hpp"
#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr const char* kSignalHelp =
    "a signal is NODE.OUTPUT, NODE.OUTPUT.FIELD, an input that the scenario drives, or graph.state";

template <typename List>
const auto* find_named(const List& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.name == name; });
  return found == list.end() ? nullptr : &*found;
}

template <typename List>
std::string nearest_of(const std::string& word, const List& list) {
  std::vector<std::string> known;
  for (const auto& entry : list) known.push_back(entry.name);
  const std::string near = nearest_word(word, known);
  return near.empty() ? format("there: {}", fmt::join(known, ", "))
                      : format("did you mean '{}'?", near);
}

// The column of a layout that `field` names; the only one when it is empty.
bool choose_field(const Layout& layout, const std::string& field, const std::string& scalar_unit,
                  const graph::Mark& mark, SignalSpec& signal, Report& report) {
  const std::vector<Column> columns = columns_of(layout);
  const auto column = field.empty() && columns.size() == 1
                          ? columns.begin()
                          : std::find_if(columns.begin(), columns.end(),
                                         [&](const Column& c) { return c.name == field; });
  if (column == columns.end()) {
    std::vector<std::string> known;
    for (const Column& c : columns) known.push_back(c.name);
    report.error({.code = "scenario.unknown-signal",
                  .mark = mark,
                  .message = field.empty() ? format("{} has several fields: name one", layout.type)
                                           : format("{} has no field '{}'", layout.type, field),
                  .help = format("there: {}", fmt::join(known, ", "))});
    return false;
  }
  if (column->field->kind == FieldKind::text) {
    report.error({.code = "scenario.unknown-signal",
                  .mark = mark,
                  .message = format("'{}' is a text: a signal is a number", column->name)});
    return false;
  }
  signal.field = column->name;
  signal.unit = column->field->unit.empty() ? scalar_unit : column->field->unit;
  return true;
}

// Names that expressions know already. They are reported and kept, so that their uses are not wrong
// too.
void check_meaning(const Marked<std::string>& name, Report& report) {
  const std::string& word = name.value;
  const char* means = nullptr;
  if (word == "t") means = "the time";
  if (word == "and" || word == "or" || word == "not") means = "a junction of conditions";
  if (word == "delta" || word.starts_with("delta_")) means = "by how much a signal has changed";
  if (std::find(kGraphStates.begin(), kGraphStates.end(), word) != kGraphStates.end()) {
    means = "a state of the graph";
  }
  if (!means) return;
  report.error({.code = "graph.bad-name",
                .mark = name.mark,
                .message = format("'{}' cannot be the name of a signal: in expressions it is {}",
                                  word, means)});
}

void resolve(SignalSpec& signal, const std::vector<std::string>& parts, const graph::Mark& mark,
             Reading& reading) {
  const auto* node = reading.graph.find(parts[0]);
  const auto refuse = [&](std::string message, std::string help) {
    reading.report.error({.code = "scenario.unknown-signal",
                          .mark = mark,
                          .message = std::move(message),
                          .help = std::move(help)});
  };
  if (node == nullptr) {
    return refuse(format("the graph has no node '{}'", parts[0]),
                  nearest_of(parts[0], reading.graph.nodes));
  }
  const std::string field = fmt::to_string(fmt::join(parts.begin() + 2, parts.end(), "."));
  signal.node = parts[0];
  signal.port = parts[1];
  if (const auto* output = find_named(node->outputs, parts[1])) {
    signal.period = node->period;
    choose_field(output->layout, field, output->unit, mark, signal, reading.report);
    return;
  }
  const auto* input = find_named(node->inputs, parts[1]);
  if (input == nullptr) {
    return refuse(format("node '{}' has no output '{}'", parts[0], parts[1]),
                  nearest_of(parts[1], node->outputs));
  }
  if (!input->external) {
    if (!input->from) {
      return refuse(format("the input '{}.{}' is not connected", parts[0], parts[1]), kSignalHelp);
    }
    return refuse(
        format("'{}.{}' is an input that reads '{}'", parts[0], parts[1], input->from->text()),
        format("name the topic: {}", input->from->text()));
  }
  signal.source = SignalSource::external;
  signal.period = node->period;
  choose_field(input->layout, field, input->unit, mark, signal, reading.report);
}

}  // namespace

std::string SignalSpec::text() const {
  if (source == SignalSource::state) return "graph.state";
  const std::string base = field.empty() || field == "value" ? topic() : topic() + "." + field;
  return source == SignalSource::external ? base + " (external)" : base;
}

void read_signals(MapReader& map, Reading& reading) {
  const std::size_t findings = reading.report.count();
  const MarkedEntry* entry = map.find_map("signals");
  reading.units_are_known = reading.graph_is_whole;
  if (!entry) return;
  for (const MarkedEntry& item : entry->value.entries) {
    if (!graph::check_name(item.key, "the name of a signal", false, reading.report)) continue;
    check_meaning(item.key, reading.report);
    const auto text = graph::read_text(item.value, format("'{}'", item.key.value), reading.report);
    if (!text) continue;
    SignalSpec signal;
    signal.name = item.key.value;
    const std::vector<std::string> parts = split(*text, '.');
    if (*text == "graph.state") {
      signal.source = SignalSource::state;
    } else if (parts.size() < 2) {
      reading.report.error({.code = "scenario.unknown-signal",
                            .mark = item.value.mark,
                            .message = format("'{}' is no signal", *text),
                            .help = kSignalHelp});
    } else if (reading.graph_is_whole) {
      resolve(signal, parts, item.value.mark, reading);
    }
    // A signal that is wrong keeps its name, so that every use of it is not an error of its own.
    reading.spec.signals.push_back(std::move(signal));
  }
  if (findings < reading.report.count()) reading.units_are_known = false;
}

std::optional<std::string> read_node(const MarkedNode& node, const std::string& what,
                                     Reading& reading) {
  auto name = graph::read_text(node, what, reading.report);
  if (!name || !reading.graph_is_whole || reading.graph.find(*name) != nullptr) return name;
  reading.report.error({.code = "scenario.unknown-node",
                        .mark = node.mark,
                        .message = format("the graph has no node '{}'", *name),
                        .help = nearest_of(*name, reading.graph.nodes)});
  return std::nullopt;
}

std::optional<std::size_t> read_signal(const MarkedNode& node, const std::string& what,
                                       Reading& reading) {
  const auto text = graph::read_text(node, what, reading.report);
  if (!text) return std::nullopt;
  const auto& signals = reading.spec.signals;
  if (const auto* found = find_named(signals, *text)) {
    return static_cast<std::size_t>(found - signals.data());
  }
  reading.report.error(
      {.code = "scenario.unknown-signal",
       .mark = node.mark,
       .message = format("'{}' is none of this scenario's signals", *text),
       .help = signals.empty() ? "name it under 'signals:'" : nearest_of(*text, signals)});
  return std::nullopt;
}

std::optional<double> read_value(const MarkedNode& node, const std::string& what,
                                 const std::string& unit, Reading& reading) {
  if (node.shape == Shape::scalar) {
    const auto quantity = graph::parse_quantity(node.text);
    const bool cannot_tell = unit.empty() && !reading.units_are_known;
    if (quantity && (quantity->unit.empty() || cannot_tell)) return quantity->number;
  }
  return graph::read_number(node, {.what = what, .unit = unit}, reading.report);
}

std::optional<nanoseconds> read_time(MapReader& map, const std::string& key, Reading& reading) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return std::nullopt;
  const auto time = graph::read_duration(entry->value, format("'{}'", key), reading.report);
  if (!time || time->count() >= 0) return time;
  reading.report.error(
      {.code = "graph.out-of-range",
       .mark = entry->value.mark,
       .message = format("'{}' is {}; it must not be negative", key, entry->value.text)});
  return std::nullopt;
}

std::optional<nanoseconds> read_begin(MapReader& map, const char* code, Reading& reading) {
  const auto at = read_time(map, "at", reading);
  const nanoseconds end = reading.spec.duration;
  if (!at || end.count() == 0 || *at < end) return at;
  const MarkedEntry* entry = map.find("at");
  reading.report.error({.code = code,
                        .mark = entry->value.mark,
                        .message = format("at {} the run is over: it lasts {}", entry->value.text,
                                          seconds_text(end)),
                        .help = "begin earlier, or give the scenario a longer 'duration'"});
  return at;
}

}  // namespace takt::scenario
