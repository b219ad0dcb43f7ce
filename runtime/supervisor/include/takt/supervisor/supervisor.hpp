// The supervisor: makes an instance's world, starts its nodes, watches them, stops them.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/supervisor/injection.hpp>

namespace takt {

// What one life of the supervisor's process hands to the next when the whole graph is restarted.
//
// RouDi's threads may hang in the broken world for ever, so nothing less than a new image of the
// process gets rid of it: `takt run` executes itself, with this in its environment.
struct GraphRestart {
  std::uint32_t count = 0;                            // Restarts so far.
  std::chrono::nanoseconds first{0};                  // CLOCK_MONOTONIC of the first one.
  std::optional<std::chrono::nanoseconds> run_until;  // CLOCK_MONOTONIC; `--for` goes on counting.
  bool armed = false;  // The graph was, when it went down.
  std::string reason;
};

struct RunOptions {
  std::string instance = "default";
  std::optional<std::chrono::nanoseconds> run_for;  // Counts from the barrier.
  std::optional<double> speed;  // In lockstep, of the machine's time; none: as fast as it goes.
  std::uint32_t await_taps = 0;  // The barrier opens when so many tools are attached.
  std::chrono::nanoseconds startup_deadline = std::chrono::seconds(30);
  bool allow_processor_sleep = false;  // Else they are kept out of sleep states that wake up late.
  std::string watchdog;    // Device that resets the machine unless it is fed; empty: none.
  GraphRestart restarted;  // By an earlier life of this process.
  std::optional<Rehearsal> rehearsal;  // A scenario drives this run.
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
  restart,  // Healing could not be proven: the caller starts the program anew (see GraphRestart).
};

struct RunOutcome {
  RunResult result = RunResult::ok;
  std::string reason;       // Why it was not ok.
  Json summary;             // CONTRACTS: `takt_summary: 1`.
  std::string not_applied;  // Real-time settings that were not granted, and what changes that.
  GraphRestart restart;     // With RunResult::restart: for the next life.
};

// Runs a checked graph until it ends. SIGINT and SIGTERM stop it safely, the second one at once.
// Leaves nothing behind. Errors: the instance could not be set up at all (it runs already, no
// folder, no transport).
//
// Called once a process, by its main thread, while no other thread runs: it enters the instance's
// own mount namespace.
Result<RunOutcome> run_graph(const GraphSpec& graph, const RunOptions& options);

}  // namespace takt
