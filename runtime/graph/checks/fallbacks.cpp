// Inputs with fallbacks (`from: [primary, backup]`): what must be known for one to replace another.
#include <takt/base/text.hpp>
#include <takt/graph/units.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

void check_draft(const Model& model, const Edge& first, Report& report) {
  const InputDraft& draft = *first.draft;
  if (!has_value(draft.max_age) && !has_value(draft.max_data_age)) {
    report.error({.code = "graph.fallback-freshness",
                  .mark = draft.name.mark,
                  .message = format("input '{}' has fallbacks and no age limit: they would never "
                                    "be read",
                                    model.input_name(first)),
                  .help = "add 'max_age': a topic that is older than it is replaced"});
  }
  if (draft.queue_depth) {
    report.error(
        {.code = "graph.fallback-queue",
         .mark = draft.queue_depth->mark,
         .message = format("input '{}' has fallbacks and a queue", model.input_name(first)),
         .help = "one topic is read at a time, its newest sample; remove 'queue'"});
  }
}

// Where the input's declaration fixes no unit, its topics must agree among each other.
void check_units(const Model& model, const Edge& first, const Edge& other, Report& report) {
  const OutputUnit& a = model.unit_of(first);
  const OutputUnit& b = model.unit_of(other);
  if (!model.input_of(first).unit.empty() || a.unit.empty() || b.unit.empty()) return;
  if (same_unit(a.unit, b.unit)) return;
  report.error({.code = "graph.unit-mismatch",
                .mark = other.from->mark,
                .message = format("'{}' is in {}, but '{}', which it shall replace, is in {}",
                                  model.topic_name(other), b.unit, model.topic_name(first), a.unit),
                .help = "let both give the same unit: samples are not converted on their way",
                .notes = {{b.source, b.mark}, {a.source, a.mark}}});
}

}  // namespace

void check_fallbacks(const Model& model, Report& report) {
  for (const Edge& edge : model.edges) {
    if (edge.is_fallback) continue;
    const auto edges = model.edges_into(edge.reader, edge.input);
    if (edges.size() < 2) continue;
    check_draft(model, edge, report);
    for (std::size_t i = 1; i < edges.size(); ++i) check_units(model, edge, *edges[i], report);
  }
}

}  // namespace takt::graph
