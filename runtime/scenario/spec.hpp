// A scenario as its file says it, every name looked up in its graph.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <takt/graph/graph_spec.hpp>
#include <takt/supervisor/injection.hpp>

#include "runtime/scenario/expression/condition.hpp"
#include "runtime/scenario/expression/formula.hpp"

namespace takt::scenario {

using std::chrono::nanoseconds;

enum class SignalSource {
  sample,    // One field of a topic.
  external,  // What the scenario itself drives an input with.
  state,     // Of the graph: a number, the words of kGraphStates.
};

struct SignalSpec {
  std::string name;
  SignalSource source = SignalSource::sample;
  std::string node;
  std::string port;   // The output; of an external signal the input.
  std::string field;  // As a column of `takt echo`.
  std::string unit;
  nanoseconds period{0};  // Of its writer; 0: none.
  std::string topic() const { return node + "." + port; }
  std::string text() const;
};

// The words that a graph's state is compared with, by their number.
inline constexpr std::array<std::string_view, 8> kGraphStates{
    "starting", "disarmed", "running", "degraded", "safe", "stopping", "stopped", "failed"};

// `becomes_true: COND`, with `delay:`, `stays_true_for_at_least:`; or an event.
struct TriggerSpec {
  std::optional<Condition> becomes_true;
  nanoseconds delay{0};
  nanoseconds stays{0};
  std::string event;  // Kind of an EventRecord; empty: becomes_true.
  std::string name;   // Its name.
  std::string text;   // For a person.
};

// One value that an input is driven with, at an instant or after a condition.
struct StimulusSpec {
  Injection injection;  // Its times count from `at`, or from when the trigger fires.
  std::optional<TriggerSpec> when;
  std::optional<double> before;  // From the barrier on, when nothing else drives it earlier.
};

struct FaultSpec {
  std::string name;
  std::string what;                   // "stuck motor.speed"
  std::vector<Injection> injections;  // One for every input that reads the signal.
  std::optional<NodeFault> process;
  std::optional<TriggerSpec> when;
};

struct AlwaysSpec {
  Condition condition;
  std::optional<Condition> only_while;
};
struct EventuallySpec {
  Condition condition;
  nanoseconds within{0};
};
struct UntilSpec {
  Condition hold;
  Condition until;
  nanoseconds within{0};
};
struct StaysSpec {
  Condition condition;
  nanoseconds within{0};
  nanoseconds stays{0};
};
struct SettlesSpec {
  std::size_t signal = 0;
  double to = 0.0;
  double band = 0.0;  // In the signal's unit.
  nanoseconds within{0};
  nanoseconds stays{0};
  bool allow_exit = false;
};
using BodySpec = std::variant<AlwaysSpec, EventuallySpec, UntilSpec, StaysSpec, SettlesSpec>;

struct TriggeredSpec {
  TriggerSpec trigger;
  BodySpec body;
  nanoseconds lasts{0};  // Of an `always`: its `for`.
};

// A number that must lie between two, both included.
struct Limits {
  std::optional<double> min;
  std::optional<double> max;
};

enum class Functional { mean, rms, iae, minimum, maximum, at_end };
struct FunctionalSpec {
  Functional functional = Functional::mean;
  Formula of;
  std::string text;  // Of the formula.
  Limits limits;
};

// The figures of oracle-style step responses; each that is asked for has limits.
struct StepResponseSpec {
  std::size_t signal = 0;
  double from = 0.0;
  double to = 0.0;
  nanoseconds origin{0};
  double settling_band = 0.02;
  std::map<std::string, Limits> figures;  // "rise_time", "overshoot", ...
  std::optional<std::pair<nanoseconds, nanoseconds>> steady_window;
};

struct CompareSpec {
  std::size_t signal = 0;
  std::vector<double> t;  // Seconds, from `origin` on.
  std::vector<double> values;
  nanoseconds origin{0};
  nanoseconds time_shift{0};
  double abs = 0.0;
  double rel = 0.0;
  std::string file;
};

struct CounterSpec {
  std::string path;  // "motor.overruns", "speed_pid.measurement.lost"
  Limits limits;
};
struct TimingSpec {
  std::string node;
  std::vector<CounterSpec> limits;
};

using KindSpec = std::variant<BodySpec, TriggeredSpec, FunctionalSpec, StepResponseSpec,
                              CompareSpec, TimingSpec>;

struct AssessmentSpec {
  std::string name;
  std::string kind;      // The key: "always".
  std::string required;  // What is asked for, in a line.
  KindSpec what;
  nanoseconds begin{0};  // `over`
  nanoseconds end = kUntilTheEnd;
  std::optional<nanoseconds> max_gap;  // None: three periods.
  bool allow_untested = false;
};

// Thread safety: a plain value. Real time: no. Lifetime: independent.
struct ScenarioSpec {
  std::string file;
  std::string source_text;
  std::string name;
  SourceSpot name_spot;
  std::string description;
  std::string graph_file;
  ClockMode clock = ClockMode::lockstep;
  nanoseconds duration{0};
  std::uint64_t seed = 0;
  std::uint32_t repeat = 1;
  std::vector<std::string> requirements;
  std::vector<std::pair<std::string, std::string>> parameters;  // Of this variant.
  std::vector<SignalSpec> signals;
  std::vector<StimulusSpec> stimuli;
  std::vector<FaultSpec> faults;
  std::optional<Condition> stop_when;
  std::vector<AssessmentSpec> assessments;
  std::vector<std::vector<std::string>> plots;
  std::map<std::string, std::string> param_overrides;  // "speed_pid.kp" -> as written.

  Scope scope() const;
  // Something depends on what happens in the run.
  bool is_conditional() const;
};

}  // namespace takt::scenario
