// What the supervisor does for each node, defaults filled in.
#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

template <typename T>
const Marked<T>* own_or_common(const MaybeMarked<T>& own, const MaybeMarked<T>& common) {
  if (own) return &*own;
  return common ? &*common : nullptr;
}

void check_effect(const SupervisionDraft& own, RestartPolicy restart, Report& report) {
  if (restart != RestartPolicy::never) return;
  const auto without_effect = [&](const char* key, Mark mark) {
    report.warning({.code = "graph.without-effect",
                    .mark = mark,
                    .message = format("'{}' has no effect: the node is never restarted", key),
                    .help = "add 'restart: on_failure' or 'restart: always'"});
  };
  if (own.backoff) without_effect("backoff", own.backoff->mark);
  if (own.max_restarts) without_effect("max_restarts", own.max_restarts->mark);
}

// A step that takes a second where a class of real time was asked for has hung. Without one, or
// back to back, a step may be any amount of work.
std::chrono::nanoseconds watchdog_of(const NodeModel& node) {
  const bool free = node.draft->trigger && node.draft->trigger->kind == TriggerKind::free_running;
  if (!node.is_real_time() || free) return std::chrono::nanoseconds(0);
  return std::max<std::chrono::nanoseconds>(kWatchdogDefault, 2 * node.period);
}

void check_watchdog(const NodeModel& node, const Marked<AgeLimit>& watchdog, Report& report) {
  if (!watchdog.value.value || *watchdog.value.value >= kWatchdogMin) return;
  report.error({.code = "graph.watchdog-too-short",
                .mark = watchdog.mark,
                .message = format("the watchdog of node '{}' is shorter than {} ms", node.name(),
                                  kWatchdogMin.count()),
                .help = "it ends a process that hangs; a late step is what 'deadline' with "
                        "'on_miss' is for"});
}

}  // namespace

NodeSupervision supervision_of(const Model& model, std::size_t index, Report& report) {
  const NodeModel& node = model.nodes[index];
  const SupervisionDraft& own = node.draft->supervision;
  const SupervisionDraft& common = model.draft.supervision_defaults;
  NodeSupervision result;
  if (const auto* restart = own_or_common(own.restart, common.restart)) {
    result.restart = restart->value;
  }
  if (const auto* backoff = own_or_common(own.backoff, common.backoff)) {
    result.backoff = backoff->value;
  }
  if (const auto* limit = own_or_common(own.max_restarts, common.max_restarts)) {
    result.max_restarts = limit->value.count;
    result.restart_window = limit->value.window;
  }
  if (const auto* deadline = own_or_common(own.startup_deadline, common.startup_deadline)) {
    result.startup_deadline = deadline->value;
  }
  result.watchdog = watchdog_of(node);
  if (const auto* watchdog = own_or_common(own.watchdog, common.watchdog)) {
    result.watchdog = watchdog->value.value.value_or(std::chrono::nanoseconds(0));
    if (own.watchdog) check_watchdog(node, *own.watchdog, report);
  }
  check_effect(own, result.restart, report);
  return result;
}

SafetyConfig safety_of(const Model& model) {
  const SafetyDraft& draft = model.draft.safety;
  SafetyConfig result;
  for (const NodeModel& node : model.nodes) {
    if (node.declaration && node.declaration->device) result.start_armed = false;
  }
  if (draft.start_armed) result.start_armed = draft.start_armed->value;
  // Who arms by hand means it: after a safe state too.
  result.rearm_automatically = result.start_armed;
  if (draft.rearm_automatically) result.rearm_automatically = draft.rearm_automatically->value;
  if (draft.supervisor_timeout) {
    result.supervisor_timeout =
        draft.supervisor_timeout->value.value.value_or(std::chrono::nanoseconds(0));
  }
  if (draft.on_supervisor_loss) result.on_supervisor_loss = draft.on_supervisor_loss->value;
  if (model.draft.clock == ClockMode::lockstep) {
    // Without the supervisor there is no time, and while it stands still none passes.
    result.supervisor_timeout = std::chrono::nanoseconds(0);
    result.on_supervisor_loss = OnSupervisorLoss::safe;
  }
  return result;
}

}  // namespace takt::graph
