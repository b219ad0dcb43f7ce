// What flows along an edge: layouts agree, units are known and agree.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/quantity.hpp>
#include <takt/graph/units.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

// `units: {output: V}`.
void take_written_units(NodeModel& node, Report& report) {
  if (!node.draft->units) return;
  for (const MarkedEntry& entry : node.draft->units->entries) {
    const OutputDeclaration* output = node.declaration->find_output(entry.key.value);
    if (!output || !check_shape(entry.value, Shape::scalar, "a unit", report)) continue;
    const std::string& unit = entry.value.text;
    if (!is_unit(unit)) {
      report.error(
          {.code = "graph.unknown-unit",
           .mark = entry.value.mark,
           .message = format("'{}' is no unit", unit),
           .help = "units are written as UDUNITS-2 knows them: V, rad/s, N.m, m/s2, %, 1"});
      continue;
    }
    if (!is_scalar(output->layout)) {
      report.error(
          {.code = "graph.unexpected-unit",
           .mark = entry.key.mark,
           .message = format("output '{}.{}' is of type {}, whose fields have their own units",
                             node.name(), output->name, output->layout.type),
           .help = "'units' is for outputs of type Scalar"});
      continue;
    }
    if (!output->unit.empty() && !same_unit(output->unit, unit)) {
      report.error({.code = "graph.unit-mismatch",
                    .mark = entry.value.mark,
                    .message = format("output '{}.{}' is in {} by its type, not in {}", node.name(),
                                      output->name, output->unit, unit),
                    .help = "remove it: the node type gives the unit"});
      continue;
    }
    const auto index = static_cast<std::size_t>(output - node.declaration->outputs.data());
    node.output_units[index] = {unit, "its unit is given here", entry.value.mark};
  }
}

void take_declared_units(NodeModel& node) {
  for (std::size_t i = 0; i < node.declaration->outputs.size(); ++i) {
    const std::string& unit = node.declaration->outputs[i].unit;
    if (unit.empty() || !node.output_units[i].unit.empty()) continue;
    node.output_units[i] = {unit, format("type '{}' gives it in {}", node.declaration->type, unit),
                            node.draft->type->mark};
  }
}

void take_reader_units(Model& model) {
  for (const Edge& edge : model.edges) {
    const InputDeclaration& input = model.input_of(edge);
    OutputUnit& unit = model.nodes[edge.writer].output_units[edge.output];
    const bool wants = is_scalar(model.output_of(edge).layout) && unit.unit.empty();
    if (!wants || input.unit.empty()) continue;
    unit = {input.unit, format("its reader '{}' is in {}", model.input_name(edge), input.unit),
            edge.from->mark};
  }
}

// The unit in which a value is written, when it is a quantity with a unit.
void take_unit_of_value(const MarkedNode& value, OutputUnit& unit) {
  if (!unit.unit.empty() || value.shape != Shape::scalar) return;
  const auto quantity = parse_quantity(value.text);
  if (!quantity || quantity->unit.empty() || !is_unit(quantity->unit)) return;
  unit = {quantity->unit, format("its unit is taken from here: {}", quantity->unit), value.mark};
}

// A node with one Scalar output writes its unit-less parameters in that output's unit.
void take_unit_of_params(NodeModel& node) {
  const auto& outputs = node.declaration->outputs;
  if (outputs.size() != 1 || !is_scalar(outputs[0].layout) || !node.draft->params) return;
  for (const MarkedEntry& entry : node.draft->params->entries) {
    const auto& params = node.declaration->params;
    const bool takes_any =
        std::any_of(params.begin(), params.end(), [&](const ParamDeclaration& p) {
          return p.name == entry.key.value && p.kind == ParamKind::number && p.unit.empty();
        });
    const auto quantity = parse_quantity(entry.value.text);
    const bool is_ratio = quantity && convertible(quantity->unit, "1");  // `duty: 20 %`
    if (takes_any && !is_ratio) take_unit_of_value(entry.value, node.output_units[0]);
  }
}

// A unit that nobody declares is the one in which the file writes values of the output: its safe
// value, then a reader's initial value, then the node's parameters.
void take_units_of_values(Model& model) {
  for (NodeModel& node : model.nodes) {
    if (!node.declaration || !node.draft->safe) continue;
    for (std::size_t i = 0; i < node.declaration->outputs.size(); ++i) {
      const MarkedEntry* safe = node.draft->safe->find(node.declaration->outputs[i].name);
      const Layout& layout = node.declaration->outputs[i].layout;
      if (!safe || !is_scalar(layout)) continue;
      const MarkedEntry* value = final_safe_value(*safe, layout);
      if (value) take_unit_of_value(value->value, node.output_units[i]);
    }
  }
  for (const Edge& edge : model.edges) {
    if (!edge.draft->initial || !is_scalar(model.output_of(edge).layout)) continue;
    take_unit_of_value(edge.draft->initial->value,
                       model.nodes[edge.writer].output_units[edge.output]);
  }
  for (NodeModel& node : model.nodes) {
    if (node.declaration) take_unit_of_params(node);
  }
}

void resolve_external_units(Model& model) {
  for (ExternalInput& external : model.externals) {
    const InputDeclaration& input = model.input_of(external);
    if (!is_scalar(input.layout)) continue;
    OutputUnit unit{input.unit, "", {}};
    if (external.draft->initial) take_unit_of_value(external.draft->initial->value, unit);
    external.unit = unit.unit;
  }
}

void report_type_mismatch(const Model& model, const Edge& edge, Report& report) {
  const Layout& given = model.output_of(edge).layout;
  const Layout& taken = model.input_of(edge).layout;
  const NodeModel& writer = model.nodes[edge.writer];
  report.error({.code = "graph.type-mismatch",
                .mark = edge.from->mark,
                .message = format("input '{}' takes {}, but '{}' gives {}", model.input_name(edge),
                                  taken.type, model.topic_name(edge), given.type),
                .notes = {{format("'{}' gives {}", model.topic_name(edge), given.describe()),
                           writer.draft->type->mark},
                          {format("'{}' takes {}", model.input_name(edge), taken.describe()),
                           edge.draft->name.mark}}});
}

void check_edge_unit(const Model& model, const Edge& edge, Report& report) {
  const InputDeclaration& input = model.input_of(edge);
  const OutputUnit& unit = model.unit_of(edge);
  if (input.unit.empty() || unit.unit.empty() || same_unit(input.unit, unit.unit)) return;
  report.error({.code = "graph.unit-mismatch",
                .mark = edge.from->mark,
                .message = format("input '{}' is in {}, but '{}' is in {}", model.input_name(edge),
                                  input.unit, model.topic_name(edge), unit.unit),
                .help = convertible(unit.unit, input.unit)
                            ? format("samples are not converted on their way: let '{}' give {}",
                                     model.topic_name(edge), input.unit)
                            : "these are different quantities: is this the topic that was meant?",
                .notes = {{unit.source, unit.mark}}});
}

}  // namespace

void resolve_units(Model& model, Report& report) {
  for (NodeModel& node : model.nodes) {
    if (!node.declaration) continue;
    take_written_units(node, report);
    take_declared_units(node);
  }
  take_reader_units(model);
  take_units_of_values(model);
  resolve_external_units(model);
}

void check_edges(const Model& model, Report& report) {
  for (const Edge& edge : model.edges) {
    if (model.output_of(edge).layout != model.input_of(edge).layout) {
      report_type_mismatch(model, edge, report);
    } else if (is_scalar(model.output_of(edge).layout)) {
      check_edge_unit(model, edge, report);
    }
  }
}

}  // namespace takt::graph
