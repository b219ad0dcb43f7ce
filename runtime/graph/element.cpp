// One element of one output or input, by the words of a person at the command line.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt {
namespace {

template <typename List>
Error not_found(const std::string& what, const std::string& word, const List& list) {
  std::vector<std::string> known;
  known.reserve(list.size());
  for (const auto& entry : list) known.push_back(entry.name);
  const std::string near = nearest_word(word, known);
  return fail(
      format("{} '{}'{}", what, word, near.empty() ? "" : format("; did you mean '{}'?", near)),
      format("there: {}", fmt::join(known, ", ")));
}

// Where NODE.PORT[.FIELD] leads, and its value.
template <typename Port>
Result<ElementValue> read_element(const std::vector<std::string>& parts, const Port& port,
                                  const std::string& target, const std::string& value) {
  const std::string field = fmt::to_string(fmt::join(parts.begin() + 2, parts.end(), "."));
  const std::vector<Column> columns = columns_of(port.layout);
  const auto column = field.empty() && columns.size() == 1
                          ? columns.begin()
                          : std::find_if(columns.begin(), columns.end(),
                                         [&](const Column& c) { return c.name == field; });
  if (column == columns.end()) {
    return not_found(format("{} has no field", port.layout.type), field, columns);
  }
  if (column->field->kind == FieldKind::text || column->field->length_offset >= 0) {
    return fail(format("'{}' is a text or an element that may be missing", target),
                "one boolean or number can be set");
  }
  ElementValue element;
  graph::Report report("");
  graph::MarkedNode written;
  written.shape = graph::Shape::scalar;
  written.text = value;
  element.bytes = graph::encode_element(port.layout, *column, port.unit, written,
                                        format("'{}'", target), report);
  if (report.has_errors()) {
    const Diagnostics found = report.take();
    return fail(found.entries().front().message, found.entries().front().help);
  }
  element.offset = column->offset();
  element.kind = column->field->kind;
  element.field = column->name;
  return element;
}

// `ports` are the node's inputs or its outputs.
template <typename Ports>
Result<ElementValue> find_in(const GraphSpec& graph, Ports NodeConfig::*ports, const char* what,
                             const std::string& target, const std::string& value) {
  const std::vector<std::string> parts = split(target, '.');
  if (parts.size() < 2) {
    const std::string port = what == std::string("output") ? "OUTPUT" : "INPUT";
    return fail(format("'{}' is no {}", target, what),
                format("write NODE.{} or NODE.{}.FIELD", port, port));
  }
  const NodeConfig* node = graph.find(parts[0]);
  if (node == nullptr) return not_found("there is no node", parts[0], graph.nodes);
  const Ports& list = node->*ports;
  const auto port =
      std::find_if(list.begin(), list.end(), [&](const auto& p) { return p.name == parts[1]; });
  if (port == list.end()) {
    return not_found(format("node '{}' has no {}", parts[0], what), parts[1], list);
  }
  auto element = read_element(parts, *port, target, value);
  if (!element) return element;
  element->node = static_cast<std::size_t>(node - graph.nodes.data());
  element->port = static_cast<std::size_t>(port - list.begin());
  return element;
}

}  // namespace

Result<ElementValue> find_element(const GraphSpec& graph, const std::string& target,
                                  const std::string& value) {
  return find_in(graph, &NodeConfig::outputs, "output", target, value);
}

Result<ElementValue> find_input_element(const GraphSpec& graph, const std::string& target,
                                        const std::string& value) {
  return find_in(graph, &NodeConfig::inputs, "input", target, value);
}

}  // namespace takt
