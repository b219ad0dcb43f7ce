// What a scenario has shown: plain data for every form of report.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <takt/base/json.hpp>

namespace takt::scenario {

using std::chrono::nanoseconds;

enum class Verdict {
  pass,
  fail,
  untested,  // A trigger never fired, a window had no sample: nothing was shown.
  error,     // The run cannot be judged: a gap in the samples, a fault that was not applied.
};
std::string_view name_of(Verdict verdict);
// The one of the two that matters more: error, fail, untested, pass.
Verdict worse(Verdict a, Verdict b);

// Times count from the barrier.
struct Span {
  nanoseconds begin{0};
  nanoseconds end{0};
};

// One requirement, judged.
struct AssessmentResult {
  std::string name;
  std::string kind;  // "always", "step_response", ...
  Verdict verdict = Verdict::untested;
  bool allow_untested = false;
  std::string text;      // What was found, in a sentence: "0.91 % overshoot, at most 1 %".
  std::string required;  // What was asked for: "slip < 0.5 while v > 2.5".
  // The smallest signed distance to a violation, in the unit of what was compared.
  std::optional<double> margin;
  std::optional<nanoseconds> worst_at;
  std::optional<double> worst_value;
  std::vector<std::string> signals;  // That it judged.
  std::vector<Span> violations;      // Where it did not hold; for the plots.
  std::optional<Span> window;
  bool counts_as_failure() const {
    return verdict == Verdict::fail || verdict == Verdict::error ||
           (verdict == Verdict::untested && !allow_untested);
  }
};

// One signal as it was recorded: the value holds until the next sample.
struct SignalRecord {
  std::string name;
  std::string source;  // "motor.speed", "speed_pid.reference (external)".
  std::string unit;
  bool interpolates = false;  // Driven along straight lines.
  std::vector<std::int64_t> t_ns;
  std::vector<double> values;
};

// Something that happened: a fault that acted, a process that ended, a state of the graph.
struct EventRecord {
  std::string kind;    // "fault", "fault_cleared", "stimulus", "exit", "ready", "state", ...
  std::string name;    // Of the fault, the node or the state.
  std::string detail;  // For a person.
  nanoseconds at{0};
};

// A span of a fault, for the plots' shading.
struct FaultRecord {
  std::string name;
  std::string what;  // "stuck motor.speed", "kill speed_pid".
  Span span;
  std::uint64_t samples = 0;  // That it changed, withheld or made; 0 for faults of processes.
};

enum class RunEnd { complete, stop_condition, aborted, failed };

// One run of one scenario with one set of parameters.
struct RunResult {
  std::string scenario;
  std::string description;
  std::string file;   // The scenario's, as the user named it.
  std::string graph;  // The graph's file.
  std::string clock;  // "lockstep", "realtime"
  std::uint64_t seed = 0;
  std::vector<std::string> requirements;
  std::vector<std::pair<std::string, std::string>> parameters;  // Of the matrix.
  std::uint32_t repetition = 0;                                 // 0-based.
  std::uint32_t repetitions = 1;
  std::string id;       // "motor_speed[Ts=10ms]#2": what --only takes.
  std::string command;  // Runs this one alone again.
  std::string started;  // UTC, ISO 8601.
  std::string folder;   // Where its files lie.
  RunEnd end = RunEnd::complete;
  std::string problem;      // Why it is an error or was aborted; empty: it is not.
  nanoseconds duration{0};  // On the graph's clock.
  double wall_s = 0.0;
  std::vector<AssessmentResult> assessments;
  std::vector<SignalRecord> signals;
  std::vector<EventRecord> events;
  std::vector<FaultRecord> faults;
  std::vector<std::vector<std::string>> plots;  // Names of signals, one list a plot.
  Json summary;                                 // Of the run (CONTRACTS).
  Verdict verdict() const;
  bool passed() const;
};

}  // namespace takt::scenario
