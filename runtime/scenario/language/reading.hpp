// The parts of the walk from the tree of a scenario to its plain values, one function a block.
#pragma once

#include <optional>
#include <string>

#include <takt/graph/graph_spec.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/report.hpp>

#include "runtime/scenario/spec.hpp"

namespace takt::scenario {

using graph::MapReader;
using graph::Mark;
using graph::Marked;
using graph::MarkedEntry;
using graph::MarkedNode;
using graph::Report;
using graph::Shape;

// What every part of the walk needs. What is wrong is reported and left out.
struct Reading {
  ScenarioSpec& spec;
  const GraphSpec& graph;  // Without nodes when the graph has errors of its own: names are then
  bool graph_is_whole;     // not looked up.
  std::string folder;      // The scenario file's.
  Report& report;
  Scope scope{};                           // Complete once the signals are read.
  std::vector<std::string> fault_names{};  // Also of faults that are wrong, or stand further down.
  bool faults_are_read = false;
  bool units_are_known = false;  // Every signal was found.
};

// `signals: {w: motor.speed, r: pid.reference, mode: graph.state}`
void read_signals(MapReader& map, Reading& reading);

void read_stimuli(MapReader& map, Reading& reading);
void read_faults(MapReader& map, Reading& reading);
void read_assessments(MapReader& map, Reading& reading);
void read_plots(MapReader& map, Reading& reading);

std::optional<Condition> read_condition(const MarkedNode& node, const std::string& what,
                                        Reading& reading);
std::optional<Formula> read_formula(const MarkedNode& node, const std::string& what,
                                    Reading& reading);
std::optional<TriggerSpec> read_trigger(const MarkedEntry& entry, Reading& reading);

// The name of a node of the graph.
std::optional<std::string> read_node(const MarkedNode& node, const std::string& what,
                                     Reading& reading);
// A signal by its name.
std::optional<std::size_t> read_signal(const MarkedNode& node, const std::string& what,
                                       Reading& reading);
// A plain number, or one with a unit that converts to `unit`.
std::optional<double> read_value(const MarkedNode& node, const std::string& what,
                                 const std::string& unit, Reading& reading);
std::optional<nanoseconds> read_time(MapReader& map, const std::string& key, Reading& reading);
// `at:` of a stimulus or a fault, which must begin before the run is over.
std::optional<nanoseconds> read_begin(MapReader& map, const char* code, Reading& reading);

// `of`, `min`, `max`, `within: [low, high]`, `expect:` with `tolerance:`.
Limits read_limits(MapReader& map, const std::string& unit, Reading& reading);

// settles, step_response, compare, timing, counter: the value of their key.
std::optional<SettlesSpec> read_settles(const MarkedEntry& entry, Reading& reading);
std::optional<StepResponseSpec> read_step_response(const MarkedEntry& entry, Reading& reading);
std::optional<CompareSpec> read_compare(const MarkedEntry& entry, Reading& reading);
std::optional<TimingSpec> read_timing(const MarkedEntry& entry, Reading& reading);
std::optional<TimingSpec> read_counter(const MarkedEntry& entry, Reading& reading);

// A table of numbers with a head line; one column beside that of the times.
struct CsvColumn {
  std::vector<double> t;  // Seconds.
  std::vector<double> values;
};
// Each name with the place where what is wrong with it is reported.
struct CsvPlace {
  Marked<std::string> path;
  Marked<std::string> time;
  Marked<std::string> column;
};
std::optional<CsvColumn> read_csv(const CsvPlace& place, Report& report);
// `file`, `column` and `time` of a map, from the scenario's folder.
std::optional<CsvColumn> read_table(MapReader& map, Reading& reading);

}  // namespace takt::scenario
