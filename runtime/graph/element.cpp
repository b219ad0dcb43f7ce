// One element of one output, by the words of a person at the command line.
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

}  // namespace

Result<ElementValue> find_element(const GraphSpec& graph, const std::string& target,
                                  const std::string& value) {
  const std::vector<std::string> parts = split(target, '.');
  if (parts.size() < 2) {
    return fail(format("'{}' is no output", target), "write NODE.OUTPUT or NODE.OUTPUT.FIELD");
  }
  ElementValue element;
  const NodeConfig* node = graph.find(parts[0]);
  if (node == nullptr) return not_found("there is no node", parts[0], graph.nodes);
  element.node = static_cast<std::size_t>(node - graph.nodes.data());
  const auto output = std::find_if(node->outputs.begin(), node->outputs.end(),
                                   [&](const OutputConfig& o) { return o.name == parts[1]; });
  if (output == node->outputs.end()) {
    return not_found(format("node '{}' has no output", parts[0]), parts[1], node->outputs);
  }
  element.output = static_cast<std::size_t>(output - node->outputs.begin());
  const std::string field = fmt::to_string(fmt::join(parts.begin() + 2, parts.end(), "."));
  const std::vector<Column> columns = columns_of(output->layout);
  const auto column = field.empty() && columns.size() == 1
                          ? columns.begin()
                          : std::find_if(columns.begin(), columns.end(),
                                         [&](const Column& c) { return c.name == field; });
  if (column == columns.end()) {
    return not_found(format("{} has no field", output->layout.type), field, columns);
  }
  if (column->field->kind == FieldKind::text || column->field->length_offset >= 0) {
    return fail(format("'{}' is a text or an element that may be missing", target),
                "one boolean or number can be set");
  }
  graph::Report report("");
  graph::MarkedNode written;
  written.shape = graph::Shape::scalar;
  written.text = value;
  element.bytes = graph::encode_element(output->layout, *column, output->unit, written,
                                        format("'{}'", target), report);
  if (report.has_errors()) {
    const Diagnostics found = report.take();
    return fail(found.entries().front().message, found.entries().front().help);
  }
  element.offset = column->offset();
  return element;
}

}  // namespace takt
