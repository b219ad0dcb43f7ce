#include "runtime/scenario/language/load_scenario.hpp"

#include <filesystem>

#include <takt/base/text.hpp>
#include <takt/graph/read_file.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr graph::FileWords kScenarioWords{
    "scenario file", "scenario",
    "'takt_scenario', 'scenario', 'graph', 'duration' and 'assessments'"};
constexpr std::int64_t kScenarioVersion = 1;
constexpr std::size_t kCombinationsMax = 10'000;
constexpr std::int64_t kRepeatMax = 100'000;
constexpr std::uint64_t kDefaultSeed = 1;

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

void read_head(MapReader& map, ScenarioSpec& spec, Report& report) {
  if (const auto* version =
          map.require("takt_scenario", "begin the file with 'takt_scenario: 1'")) {
    const auto read = graph::read_integer(version->value, "'takt_scenario'", report);
    if (read && *read != kScenarioVersion) {
      report.error({.code = "scenario.version",
                    .mark = version->value.mark,
                    .message = format("this takt reads version {} of scenarios, not {}",
                                      kScenarioVersion, *read)});
    }
  }
  if (const auto* name = map.require("scenario", "a name, as in 'scenario: motor_speed'")) {
    spec.name = graph::read_name(name->value, "the name of a scenario", true, report).value_or("");
  }
  if (const auto* words = map.find("description")) {
    spec.description = graph::read_text(words->value, "'description'", report).value_or("");
  }
  if (const auto* clock = map.find("clock")) {
    const auto read = graph::read_word<ClockMode>(
        clock->value, "'clock'",
        {{"lockstep", ClockMode::lockstep}, {"realtime", ClockMode::realtime}}, report);
    spec.clock = read.value_or(spec.clock);
  }
  if (const auto* duration = map.require("duration", "how long it runs at most, as in 10s")) {
    spec.duration = graph::read_positive_duration(duration->value, "'duration'", report)
                        .value_or(nanoseconds(0));
  }
  if (const auto* seed = map.find("seed")) {
    const auto read = graph::read_integer(seed->value, "'seed'", report);
    spec.seed = static_cast<std::uint64_t>(read.value_or(kDefaultSeed));
  }
  if (const auto* repeat = map.find("repeat")) {
    const auto read = graph::read_integer(repeat->value, "'repeat'", 1, kRepeatMax, report);
    spec.repeat = static_cast<std::uint32_t>(read.value_or(1));
  }
}

void read_requirements(MapReader& map, ScenarioSpec& spec, Report& report) {
  const auto* entry = map.find("requirement");
  if (!entry) return;
  const bool several = entry->value.shape == Shape::list;
  for (const auto& item : several ? entry->value.items : std::vector<MarkedNode>{entry->value}) {
    if (auto text = graph::read_text(item, "'requirement'", report)) {
      spec.requirements.push_back(*text);
    }
  }
}

// The graph as this scenario runs it.
GraphSpec load_its_graph(MapReader& map, ScenarioSpec& spec, const LoadOptions& options,
                         const std::string& folder, Diagnostics& found, bool& is_whole,
                         Report& report) {
  const auto* entry = map.require("graph", "the graph file, from this file's folder");
  const auto text = entry ? graph::read_text(entry->value, "'graph'", report) : std::nullopt;
  if (!text) return {};
  spec.graph_file = (std::filesystem::path(folder) / *text).lexically_normal().string();
  std::error_code problem;
  if (!std::filesystem::is_regular_file(spec.graph_file, problem)) {
    report.error({.code = "scenario.no-graph",
                  .mark = entry->value.mark,
                  .message = format("there is no graph file '{}'", spec.graph_file),
                  .help = "the path starts at the scenario file's folder"});
    return {};
  }
  LoadOptions its = options;
  its.clock = spec.clock;
  its.params = spec.param_overrides;
  // A test shows what the graph does, also where real time is not granted.
  if (spec.clock == ClockMode::lockstep) its.real_time = RealTimeMode::best_effort;
  LoadedGraph loaded = load_graph(spec.graph_file, its);
  is_whole = !loaded.diagnostics.has_errors();
  found.append(loaded.diagnostics);
  return std::move(loaded.spec);
}

// `set: NODE.params.NAME` changes the graph, which is read before the stimuli are.
void collect_params(const MarkedNode& root, ScenarioSpec& spec) {
  const MarkedEntry* stimuli = root.find("stimulus");
  if (!stimuli) return;
  for (const MarkedNode& item : stimuli->value.items) {
    const MarkedEntry* set = item.shape == Shape::map ? item.find("set") : nullptr;
    const MarkedEntry* to = item.shape == Shape::map ? item.find("to") : nullptr;
    if (!set || !to) continue;
    const std::vector<std::string> parts = split(set->value.text, '.');
    if (parts.size() == 3 && parts[1] == "params") {
      spec.param_overrides[parts[0] + "." + parts[2]] = to->value.text;
    }
  }
}

void read_all(const MarkedNode& root, LoadedScenario& loaded, const LoadOptions& options,
              std::optional<ClockMode> clock, Diagnostics& of_graph, Report& report) {
  MapReader map(root, "the scenario", root.mark, report);
  if (!map.is_map()) return;
  ScenarioSpec& spec = loaded.spec;
  spec.seed = kDefaultSeed;
  read_head(map, spec, report);
  if (clock) spec.clock = *clock;
  read_requirements(map, spec, report);
  static_cast<void>(map.find("parameters"));
  collect_params(root, spec);
  const std::string folder = folder_of(spec.file);
  bool is_whole = false;
  loaded.graph = load_its_graph(map, spec, options, folder, of_graph, is_whole, report);
  Reading reading{spec, loaded.graph, is_whole, folder, report};
  read_signals(map, reading);
  reading.scope = spec.scope();
  read_faults(map, reading);
  read_stimuli(map, reading);
  if (const auto* stop = map.find("stop_when")) {
    spec.stop_when = read_condition(stop->value, "'stop_when'", reading);
  }
  read_assessments(map, reading);
  read_plots(map, reading);
  map.finish();
}

std::optional<MarkedNode> read_tree(const std::string& path, std::string& text, Report& report) {
  auto bytes = graph::read_file(path, report);
  if (!bytes) return std::nullopt;
  text = std::move(*bytes);
  return graph::read_yaml(text, report);
}

}  // namespace

Scope ScenarioSpec::scope() const {
  Scope scope;
  for (const SignalSpec& signal : signals) scope.signals.push_back(signal.name);
  for (std::size_t i = 0; i < kGraphStates.size(); ++i) {
    scope.words.push_back({std::string(kGraphStates[i]), static_cast<double>(i)});
  }
  return scope;
}

bool ScenarioSpec::is_conditional() const {
  const auto waits = [](const auto& entry) { return entry.when.has_value(); };
  return stop_when.has_value() || std::any_of(stimuli.begin(), stimuli.end(), waits) ||
         std::any_of(faults.begin(), faults.end(), waits);
}

std::vector<Parameters> read_combinations(const std::string& path, Diagnostics& diagnostics) {
  Report report(path, kScenarioWords);
  std::string text;
  const auto root = read_tree(path, text, report);
  std::vector<Parameters> combinations{{}};
  const MarkedEntry* matrix =
      root && root->shape == Shape::map ? root->find("parameters") : nullptr;
  if (matrix && graph::check_shape(matrix->value, Shape::map, "'parameters'", report)) {
    for (const MarkedEntry& entry : matrix->value.entries) {
      const std::string& name = entry.key.value;
      if (!graph::check_name(entry.key, "the name of a parameter", false, report)) continue;
      if (!graph::check_shape(entry.value, Shape::list, format("'{}'", name), report)) continue;
      std::vector<Parameters> longer;
      for (const Parameters& combination : combinations) {
        for (const MarkedNode& value : entry.value.items) {
          longer.push_back(combination);
          longer.back().emplace_back(name, value.text);
        }
      }
      if (longer.empty() || longer.size() > kCombinationsMax) {
        report.error({.code = "graph.out-of-range",
                      .mark = entry.key.mark,
                      .message = format("'{}' makes {} combinations", name, longer.size()),
                      .help = format("1 to {}", kCombinationsMax)});
        continue;
      }
      combinations = std::move(longer);
    }
  }
  // What is wrong with the tree itself is said once more, and better, when the file is read.
  if (root) diagnostics.append(report.take());
  return combinations;
}

LoadedScenario load_scenario(const std::string& path, const Parameters& parameters,
                             std::optional<ClockMode> clock, const LoadOptions& options) {
  Report report(path, kScenarioWords);
  LoadedScenario loaded;
  loaded.spec.file = path;
  loaded.spec.parameters = parameters;
  Diagnostics of_graph;
  if (auto root = read_tree(path, loaded.spec.source_text, report)) {
    substitute(*root, parameters, report);
    read_all(*root, loaded, options, clock, of_graph, report);
  }
  loaded.diagnostics = report.take();
  loaded.diagnostics.append(of_graph);
  return loaded;
}

}  // namespace takt::scenario
