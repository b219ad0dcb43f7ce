// `clock: lockstep`: time is what the supervisor says, for every node.
#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {

void check_lockstep(const Model& model, Report& report) {
  if (model.draft.clock != ClockMode::lockstep) return;
  for (const NodeModel& node : model.nodes) {
    const auto& trigger = node.draft->trigger;
    if (trigger && trigger->kind == TriggerKind::free_running) {
      report.error({.code = "graph.free-in-lockstep",
                    .mark = trigger->mark,
                    .message = format("node '{}' runs freely: in lockstep it would do endless "
                                      "steps at one instant",
                                      node.name()),
                    .help = "give it a period, or run this graph with '--clock realtime'"});
    }
    if (node.declaration && node.declaration->device) {
      report.error({.code = "graph.device-in-lockstep",
                    .mark = node.draft->type->mark,
                    .message = format("node '{}' owns a device, which lives by the machine's time",
                                      node.name()),
                    .help = "put a plant in its place, or run this graph with '--clock realtime'"});
    }
  }
}

}  // namespace takt::graph
