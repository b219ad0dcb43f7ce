// The emergency stop: an input of every actuator that the graph adds.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

// The element that `field` names, or the only one; null after a report.
const Column* choose_column(const EstopDraft& draft, const std::vector<Column>& columns,
                            const std::string& type, Report& report) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  if (draft.field.empty() && columns.size() == 1) return &columns.front();
  if (draft.field.empty()) {
    report.error({.code = "graph.bad-estop",
                  .mark = draft.source.mark,
                  .message = format("'{}' gives {}, which has several fields: which one stops?",
                                    draft.source.value, type),
                  .help = format("write '{}.FIELD'; its fields: {}", draft.source.value,
                                 fmt::join(names, ", "))});
    return nullptr;
  }
  const auto found = std::find(names.begin(), names.end(), draft.field);
  if (found != names.end()) return &columns[static_cast<std::size_t>(found - names.begin())];
  const std::string near = nearest_word(draft.field, names);
  report.error({.code = "graph.unknown-field",
                .mark = draft.source.mark,
                .message = format("{} has no field '{}'{}", type, draft.field,
                                  near.empty() ? "" : format("; did you mean '{}'?", near)),
                .help = format("its fields: {}", fmt::join(names, ", "))});
  return nullptr;
}

// What would keep it from ever being released, or from ever stopping anything.
bool check_effect(const Model& model, const EstopDraft& draft, std::size_t writer, Report& report) {
  const auto is_actuator = [](const NodeModel& node) {
    return node.declaration && node.declaration->is_actuator();
  };
  if (std::none_of(model.nodes.begin(), model.nodes.end(), is_actuator)) {
    report.error({.code = "graph.without-effect",
                  .mark = draft.mark,
                  .message = "'estop' has no effect: no node of this graph is an actuator",
                  .help = "remove it"});
    return false;
  }
  if (!is_actuator(model.nodes[writer])) return true;
  report.error({.code = "graph.bad-estop",
                .mark = draft.source.mark,
                .message = format("'{}' is an actuator: while it is stopped it does not step and "
                                  "could never say that the emergency stop is released",
                                  model.nodes[writer].name()),
                .help = "read the button in a node of its own"});
  return false;
}

}  // namespace

void resolve_estop(Model& model, Report& report) {
  if (!model.draft.estop || !model.draft.estop->from) return;
  const EstopDraft& draft = *model.draft.estop;
  EstopModel estop;
  if (!find_topic(model, *draft.from, estop.writer, estop.output, report)) return;
  const NodeModel& writer = model.nodes[estop.writer];
  const Layout& layout = writer.declaration->outputs[estop.output].layout;
  if (!check_effect(model, draft, estop.writer, report) || layout.size > kSampleBytesMax) return;
  const std::vector<Column> columns = columns_of(layout);
  const Column* column = choose_column(draft, columns, layout.type, report);
  if (!column) return;
  const Field& field = *column->field;
  if (field.kind == FieldKind::text || field.length_offset >= 0) {
    report.error({.code = "graph.bad-estop",
                  .mark = draft.source.mark,
                  .message = format("'{}' is a text or an element that may be missing; an "
                                    "emergency stop is a boolean or a number",
                                    draft.source.value)});
    return;
  }
  estop.config = {field.kind, column->offset(), {}};
  estop.config.released.resize(size_of(field.kind));
  if (draft.released) {
    estop.config.released = encode_element(layout, *column, writer.output_units[estop.output].unit,
                                           draft.released->value, "'released'", report);
  }
  model.estop = std::move(estop);
}

// A press must not be lost although it is short: the queue holds what comes while the reader may
// rest, twice over. A sample that is lost all the same counts as pressed.
std::uint32_t estop_depth(const Model& model, const NodeModel& node) {
  const auto period = model.nodes[model.estop->writer].period;
  const auto& max_age = model.draft.estop->max_age;
  if (period.count() == 0 || !max_age) return kQueueDepthMax;
  const auto rest = std::max(node.period, *max_age->value.value);
  const auto depth = 2 * (rest / period) + kLatestQueueDepth;
  return static_cast<std::uint32_t>(std::min<std::int64_t>(depth, kQueueDepthMax));
}

void add_estop(const Model& model, std::size_t index, NodeConfig& config) {
  const EstopDraft& draft = *model.draft.estop;
  const NodeModel& writer = model.nodes[model.estop->writer];
  const OutputDeclaration& output = writer.declaration->outputs[model.estop->output];
  InputConfig input;
  input.name = kEstopInput;
  input.from = TopicName{writer.name(), output.name};
  input.layout = output.layout;
  if (draft.max_age) input.max_age = draft.max_age->value.value;
  if (draft.max_data_age) input.max_data_age = draft.max_data_age->value.value;
  input.queue_depth = estop_depth(model, model.nodes[index]);
  input.optional = true;
  config.inputs.push_back(std::move(input));
  config.estop = model.estop->config;
}

}  // namespace takt::graph
