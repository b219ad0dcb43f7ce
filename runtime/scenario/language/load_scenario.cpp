#include "runtime/scenario/language/load_scenario.hpp"

#include <filesystem>
#include <limits>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/parts.hpp"
#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr std::int64_t kScenarioVersion = 1;
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
                                      kScenarioVersion, *read),
                    .help = "write 'takt_scenario: 1'"});
    }
  }
  if (const auto* name = map.require("scenario", "a name, as in 'scenario: motor_speed'")) {
    spec.name = graph::read_name(name->value, "the name of a scenario", true, report).value_or("");
    spec.name_spot = report.spot(name->value.mark);
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
    constexpr std::int64_t kSeedMax = std::numeric_limits<std::int64_t>::max();
    const auto read = graph::read_integer(seed->value, "'seed'", 0, kSeedMax, report);
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
  Reading reading{spec, loaded.graph, false, folder_of(spec.file), report};
  reading.graph_is_whole = read_its_graph(root, map, loaded, options, of_graph, report);
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

LoadedScenario load_scenario(const std::string& path, const Parameters& parameters,
                             std::optional<ClockMode> clock, const LoadOptions& options) {
  Report report(path, kScenarioWords);
  LoadedScenario loaded;
  loaded.spec.file = path;
  loaded.spec.parameters = parameters;
  Diagnostics of_graph;
  if (auto root = read_tree(path, loaded.spec.source_text, report)) {
    substitute(*root, parameters, loaded.spec.source_text, report);
    read_all(*root, loaded, options, clock, of_graph, report);
  }
  loaded.diagnostics = report.take();
  loaded.diagnostics.append(of_graph);
  return loaded;
}

}  // namespace takt::scenario
