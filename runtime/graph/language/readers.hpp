// The parts of the walk from tree to draft, one function a level of the file.
#pragma once

#include <takt/graph/map_reader.hpp>

#include "runtime/graph/language/draft.hpp"

namespace takt::graph {

// policy, priority, cpu, deadline, on_miss, tolerate.
TuningDraft read_tuning(MapReader& map, Report& report);

// restart, backoff, max_restarts, startup_deadline, watchdog.
SupervisionDraft read_supervision(MapReader& map, Report& report);

// start, rearm, supervisor_timeout, on_supervisor_loss.
SafetyDraft read_safety(MapReader& map, Report& report);

// access: {operators: GROUP, observers: GROUP}
AccessDraft read_access(MapReader& map, Report& report);

// estop: which topic stops the actuators.
std::optional<EstopDraft> read_estop(MapReader& map, Report& report);

// The key's `3ms` or `none`; nothing when it is left out or, which is reported, is neither.
MaybeMarked<AgeLimit> read_limit(MapReader& map, const std::string& key, Report& report);

// One entry of `nodes:`.
NodeDraft read_node(const MarkedEntry& entry, Report& report);

// period (and offset), on, or run; exactly one of them is mandatory.
std::optional<TriggerDraft> read_trigger(MapReader& map, const Marked<std::string>& node,
                                         Report& report);

// One entry of `inputs:`, in the short or the long form.
InputDraft read_input(const MarkedEntry& entry, const std::string& node, Report& report);

// on_silence: holds_last, unknown or {device_timeout: 200ms}.
MaybeMarked<std::optional<OnSilence>> read_on_silence(MapReader& map, Report& report);

}  // namespace takt::graph
