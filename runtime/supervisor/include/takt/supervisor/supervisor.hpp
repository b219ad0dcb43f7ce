// The supervisor: makes an instance's world, starts its nodes, watches them, stops them.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>

namespace takt {

struct RunOptions {
  std::string instance = "default";
  std::optional<std::chrono::nanoseconds> run_for;  // Counts from the barrier.
  std::uint32_t await_taps = 0;  // The barrier opens when so many tools are attached.
  std::chrono::nanoseconds startup_deadline = std::chrono::seconds(30);
  // One line for a person who watches, about once a second; empty: nobody does.
  std::function<void(const std::string&)> live_line;
  // Words for the user as they happen, without a newline.
  std::function<void(const std::string&)> say;
};

enum class RunResult {
  ok,       // Ended on request, or every node ended well.
  failed,   // A node failed or died, or a stop policy fired.
  refused,  // No step has run: privilege, real time, start-up deadline, a node's configuration.
  killed,   // Interrupted twice.
};

struct RunOutcome {
  RunResult result = RunResult::ok;
  std::string reason;       // Why it was not ok.
  Json summary;             // CONTRACTS: `takt_summary: 1`.
  std::string not_applied;  // Real-time settings that were not granted, and what changes that.
};

// Runs a checked graph until it ends. SIGINT and SIGTERM stop it safely, the second one at once.
// Leaves nothing behind. Errors: the instance could not be set up at all (it runs already, no
// folder, no transport).
//
// Called once a process, by its main thread, while no other thread runs: it enters the instance's
// own mount namespace.
Result<RunOutcome> run_graph(const GraphSpec& graph, const RunOptions& options);

}  // namespace takt
