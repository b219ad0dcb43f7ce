// One run of one scenario: starts the graph, drives it, records it.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "runtime/scenario/language/load_scenario.hpp"
#include "runtime/scenario/result.hpp"
#include "runtime/scenario/trace.hpp"

namespace takt::scenario {

struct StageOptions {
  std::string program;                           // `takt`
  std::string instance;                          // A name that nothing else runs under.
  std::string graph;                             // As given to `takt run`.
  const std::atomic<int>* interrupts = nullptr;  // How often somebody has pressed Ctrl-C.
  std::function<void(nanoseconds)> progress;     // Time of the graph so far.
};

struct Performance {
  Trace trace;
  Json summary;
  RunEnd end = RunEnd::complete;
  std::string problem;  // Why it cannot be judged; empty: it can.
  double wall_s = 0.0;
  std::vector<FaultRecord> faults;
};

// Real processes, in an instance of their own. Never throws; what goes wrong is its `problem`.
//
// Thread safety: any thread, several at once with different instances. Real time: no.
Performance perform(const LoadedScenario& scenario, const StageOptions& options);

}  // namespace takt::scenario
