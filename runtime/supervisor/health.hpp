// Whether a graph is well: what feeds the watchdogs.
#pragma once

#include <string>

#include <takt/graph/graph_spec.hpp>
#include <takt/status/pages.hpp>

#include "runtime/supervisor/processes.hpp"

namespace takt::supervisor {

// What is wrong with one node; empty when nothing is. Being safe or disarmed is not wrong: a reset
// of the machine would not make anything safer. A step that lasts longer than the node's watchdog,
// a periodic node that does not run, a process that died or is being started again is. `now` and
// `since`, when the node was let run: CLOCK_MONOTONIC.
std::string what_ails(const NodeConfig& config, const NodeSupervision& rules,
                      const Process& process, const StatusPage& page,
                      std::chrono::nanoseconds since, std::chrono::nanoseconds now);

}  // namespace takt::supervisor
