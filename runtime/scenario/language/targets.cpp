#include "runtime/scenario/language/targets.hpp"

#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>
#include <takt/graph/values.hpp>

namespace takt::scenario {
namespace {

const InputConfig* find_input(const NodeConfig& node, const std::string& name) {
  const auto found = std::find_if(node.inputs.begin(), node.inputs.end(),
                                  [&](const InputConfig& input) { return input.name == name; });
  return found == node.inputs.end() ? nullptr : &*found;
}

const OutputConfig* find_output(const NodeConfig& node, const std::string& name) {
  const auto found = std::find_if(node.outputs.begin(), node.outputs.end(),
                                  [&](const OutputConfig& output) { return output.name == name; });
  return found == node.outputs.end() ? nullptr : &*found;
}

// The words of a target: those of the signal, when it is one's name.
std::vector<std::string> parts_of(const std::string& text, const Reading& reading) {
  for (const SignalSpec& signal : reading.spec.signals) {
    if (signal.name != text || signal.source == SignalSource::state) continue;
    std::vector<std::string> parts{signal.node, signal.port};
    if (!signal.field.empty()) parts.push_back(signal.field);
    return parts;
  }
  return split(text, '.');
}

std::string field_of(const std::vector<std::string>& parts) {
  return parts.size() < 3 ? "" : fmt::to_string(fmt::join(parts.begin() + 2, parts.end(), "."));
}

// The column; with an empty word the only one, or none, which is no error.
const Column* find_column(const std::vector<Column>& columns, const std::string& field) {
  if (field.empty()) return columns.size() == 1 ? columns.data() : nullptr;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& column) { return column.name == field; });
  return found == columns.end() ? nullptr : &*found;
}

std::nullopt_t refuse(const MarkedNode& node, std::string message, std::string help,
                      Reading& reading) {
  reading.report.error({.code = "scenario.bad-target",
                        .mark = node.mark,
                        .message = std::move(message),
                        .help = std::move(help)});
  return std::nullopt;
}

std::string no_field(const Layout& layout, const std::string& field) {
  return field.empty() ? format("{} has several fields: name one", layout.type)
                       : format("{} has no field '{}'", layout.type, field);
}

std::nullopt_t refuse_unconnected(const MarkedNode& node, const std::vector<std::string>& parts,
                                  Reading& reading) {
  return refuse(node, format("the input '{}.{}' is not connected", parts[0], parts[1]),
                "connect it in the graph, or write 'from: external' there", reading);
}

// The nearest of the fields that are numbers, or all of them.
std::string names_of(const std::vector<Column>& columns, const std::string& field) {
  std::vector<std::string> names;
  for (const Column& column : columns) {
    if (column.field->kind != FieldKind::text) names.push_back(column.name);
  }
  const std::string near = nearest_word(field, names);
  return near.empty() ? format("there: {}", fmt::join(names, ", "))
                      : format("did you mean '{}'?", near);
}

std::string names_of(const NodeConfig& node, const std::string& word, bool inputs) {
  std::vector<std::string> names;
  for (const auto& input : node.inputs) {
    if (inputs && (input.from || input.external)) names.push_back(input.name);
  }
  for (const auto& output : node.outputs) {
    if (!inputs) names.push_back(output.name);
  }
  const std::string near = nearest_word(word, names);
  if (!near.empty()) return format("did you mean '{}'?", near);
  return names.empty() ? "" : format("there: {}", fmt::join(names, ", "));
}

const NodeConfig* find_node(const MarkedNode& node, const std::vector<std::string>& parts,
                            const std::string& form, Reading& reading) {
  if (parts.size() < 2) {
    const auto is_it = [&](const SignalSpec& s) { return s.name == node.text; };
    const bool is_state =
        std::any_of(reading.spec.signals.begin(), reading.spec.signals.end(), is_it);
    refuse(node,
           is_state ? format("'{}' is the state of the graph: nothing can be done to it", node.text)
                    : format("'{}' is not of the form {}", node.text, form),
           format("write {}, and behind it .FIELD where a sample has several", form), reading);
    return nullptr;
  }
  if (!reading.graph_is_whole) return nullptr;
  const NodeConfig* found = reading.graph.find(parts[0]);
  if (found) return found;
  std::vector<std::string> known;
  for (const NodeConfig& config : reading.graph.nodes) known.push_back(config.name);
  const std::string near = nearest_word(parts[0], known);
  refuse(node, format("the graph has no node '{}'", parts[0]),
         near.empty() ? format("there: {}", fmt::join(known, ", "))
                      : format("did you mean '{}'?", near),
         reading);
  return nullptr;
}

}  // namespace

std::optional<DrivenField> read_target(const MarkedNode& node, Reading& reading) {
  if (!graph::read_text(node, "'set'", reading.report)) return std::nullopt;
  const std::vector<std::string> parts = parts_of(node.text, reading);
  const NodeConfig* config = find_node(node, parts, "NODE.INPUT", reading);
  if (!config) return std::nullopt;
  const InputConfig* input = find_input(*config, parts[1]);
  if (!input) {
    const bool is_output = find_output(*config, parts[1]) != nullptr;
    return refuse(node,
                  is_output ? format("'{}.{}' is an output", parts[0], parts[1])
                            : format("node '{}' has no input '{}'", parts[0], parts[1]),
                  is_output ? "drive an input that reads it, or write a fault: stuck: {value: V}"
                            : names_of(*config, parts[1], true),
                  reading);
  }
  if (!input->from && !input->external) return refuse_unconnected(node, parts, reading);
  const std::vector<Column> columns = columns_of(input->layout);
  const Column* column = find_column(columns, field_of(parts));
  if (!column || column->field->kind == FieldKind::text) {
    return refuse(node,
                  column ? format("'{}' is a text: only numbers are driven", column->name)
                         : no_field(input->layout, field_of(parts)),
                  names_of(columns, column ? "" : field_of(parts)), reading);
  }
  DrivenField driven{{parts[0], parts[1], column->name, ""}, column->field->unit};
  if (driven.unit.empty()) driven.unit = input->unit;
  return driven;
}

std::optional<double> read_driven(const MarkedNode& node, const std::string& what,
                                  const DrivenField& field, Reading& reading) {
  if (node.shape == Shape::scalar && (node.text == "true" || node.text == "false")) {
    return node.text == "true" ? 1.0 : 0.0;
  }
  return graph::read_number(
      node, {.what = what, .unit = field.unit, .why_plain = "this input has no unit of its own"},
      reading.report);
}

std::optional<ParamTarget> param_target(const MarkedNode& node) {
  const std::vector<std::string> parts = split(node.text, '.');
  if (node.shape != Shape::scalar || parts.size() != 3 || parts[1] != "params") return std::nullopt;
  return ParamTarget{parts[0], parts[2]};
}

std::optional<FaultyTopic> read_faulty_topic(const MarkedNode& node, Reading& reading) {
  if (!graph::read_text(node, "'signal'", reading.report)) return std::nullopt;
  const std::vector<std::string> parts = parts_of(node.text, reading);
  const NodeConfig* config = find_node(node, parts, "NODE.OUTPUT", reading);
  if (!config) return std::nullopt;
  FaultyTopic topic{parts[0] + "." + parts[1], field_of(parts), "", {}};
  const OutputConfig* output = find_output(*config, parts[1]);
  const InputConfig* input = find_input(*config, parts[1]);
  if (!output && !input) {
    return refuse(node, format("node '{}' has no output '{}'", parts[0], parts[1]),
                  names_of(*config, parts[1], false), reading);
  }
  const Layout& layout = output ? output->layout : input->layout;
  const std::vector<Column> columns = columns_of(layout);
  if (const Column* column = find_column(columns, topic.field)) {
    topic.unit = column->field->unit;
    if (topic.unit.empty() && output) topic.unit = output->unit;
  } else if (!topic.field.empty()) {
    return refuse(node, no_field(layout, topic.field), names_of(columns, topic.field), reading);
  }
  if (!output && !input->from && !input->external) {
    return refuse_unconnected(node, parts, reading);
  }
  if (!output) {
    topic.readers.push_back({parts[0], parts[1], topic.field, ""});
    return topic;
  }
  auto readers = targets_of(reading.graph, topic.topic);
  if (readers) {
    topic.readers = std::move(*readers);
    for (InputTarget& reader : topic.readers) reader.field = topic.field;
    return topic;
  }
  return refuse(node, format("nobody reads '{}': a fault on it would have no effect", topic.topic),
                "faults act where a topic is read: name one that a node reads", reading);
}

bool is_accepted(const Result<void>& checked, const char* code, const Mark& mark,
                 Reading& reading) {
  if (checked) return true;
  reading.report.error({.code = code,
                        .mark = mark,
                        .message = checked.error().message,
                        .help = checked.error().fix});
  return false;
}

}  // namespace takt::scenario
