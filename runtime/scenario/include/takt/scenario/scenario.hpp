// Scenarios: tests of a graph, written in YAML: stimuli, faults, and what must hold.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/diagnostic.hpp>
#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>

namespace takt {

// One run that a scenario asks for: one combination of its parameters, once.
struct ScenarioRun {
  std::string id;  // "motor_speed[Ts=10ms]#2"
  std::string file;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::uint32_t repetition = 0;
  std::uint32_t repetitions = 1;
  bool lockstep = true;
};

struct TestOptions {
  std::vector<std::string> files;
  std::vector<std::string> only;        // Ids, or parts of ids; empty: all.
  std::optional<std::uint32_t> repeat;  // Beats the scenarios' own.
  std::uint32_t jobs = 1;               // Lockstep runs beside each other.
  std::string results = "results";      // Folder of the results' folders.
  std::string junit;                    // One file for all runs; empty: none.
  std::optional<ClockMode> clock{};     // Beats the scenarios' own.
  LoadOptions load;
  std::string program;  // `takt` itself: every run is a process of its own.
  // One line for a person who watches; empty: nobody does.
  std::function<void(const std::string&)> progress;
  // What a run has shown, as a table, when it is over.
  std::function<void(const std::string&)> say;
  bool colour = false;
};

namespace scenario {
struct Program;
}

struct TestOutcome {
  Diagnostics diagnostics;  // Of the scenarios and their graphs; with errors nothing was run.
  std::vector<ScenarioRun> runs;
  Json summary;  // `takt_test: 1`
  bool all_passed = false;
  bool aborted = false;                                // By Ctrl-C.
  std::shared_ptr<const scenario::Program> program{};  // What was read.
};

// Reads and checks every file; runs nothing.
TestOutcome list_scenarios(const TestOptions& options);

// Runs what `list_scenarios` has read with the same options. Ctrl-C ends the present runs safely
// and leaves a report marked aborted; the second one ends at once. Errors: a results folder that
// cannot be made.
//
// Called by the main thread while no other thread runs.
Result<TestOutcome> run_scenarios(const TestOptions& options, TestOutcome listed);

}  // namespace takt
