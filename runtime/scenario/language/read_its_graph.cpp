// The graph that a scenario runs.
#include <filesystem>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/parts.hpp"

namespace takt::scenario {
namespace {

struct Override {
  std::string param;  // "speed_pid.kp"
  const MarkedNode* value = nullptr;
};

// `set: NODE.params.NAME` changes the graph, which is read before the stimuli are.
std::vector<Override> find_overrides(const MarkedNode& root) {
  std::vector<Override> found;
  const MarkedEntry* stimuli = root.find("stimulus");
  if (!stimuli) return found;
  for (const MarkedNode& item : stimuli->value.items) {
    const MarkedEntry* set = item.shape == Shape::map ? item.find("set") : nullptr;
    const MarkedEntry* to = item.shape == Shape::map ? item.find("to") : nullptr;
    if (!set || !to || to->value.shape != Shape::scalar) continue;
    const std::vector<std::string> parts = split(set->value.text, '.');
    if (parts.size() == 3 && parts[1] == "params") {
      found.push_back({parts[0] + "." + parts[2], &to->value});
    }
  }
  return found;
}

// A value that the graph does not take is wrong where the scenario says it. True when that is all.
bool blame_overrides(const std::vector<Override>& overrides, LoadOptions options,
                     LoadedScenario& loaded, Report& report) {
  options.params.clear();
  LoadedGraph plain = load_graph(loaded.spec.graph_file, options);
  if (plain.diagnostics.has_errors()) return false;
  bool blamed = false;
  for (const Override& one : overrides) {
    const std::string node = one.param.substr(0, one.param.find('.'));
    const auto* config = plain.spec.find(node);
    const auto is_it = [&](const auto& param) { return node + "." + param.name == one.param; };
    const bool is_known = config && std::any_of(config->declaration.params.begin(),
                                                config->declaration.params.end(), is_it);
    options.params = {{one.param, one.value->text}};
    const LoadedGraph changed = load_graph(loaded.spec.graph_file, options);
    for (const Diagnostic& d : changed.diagnostics.entries()) {
      if (d.severity != Severity::error) continue;
      blamed = true;
      // Names that are none are reported with the stimulus.
      if (!is_known) continue;
      report.error(
          {.code = d.code.c_str(), .mark = one.value->mark, .message = d.message, .help = d.help});
    }
  }
  if (blamed) loaded.graph = std::move(plain.spec);
  return blamed;
}

}  // namespace

bool read_its_graph(const MarkedNode& root, MapReader& map, LoadedScenario& loaded,
                    const LoadOptions& options, Diagnostics& found, Report& report) {
  ScenarioSpec& spec = loaded.spec;
  const auto* entry = map.require("graph", "the graph file, from this file's folder");
  const auto text = entry ? graph::read_text(entry->value, "'graph'", report) : std::nullopt;
  if (!text) return false;
  const std::filesystem::path folder = std::filesystem::path(spec.file).parent_path();
  spec.graph_file = (folder / *text).lexically_normal().string();
  std::error_code problem;
  if (!std::filesystem::is_regular_file(spec.graph_file, problem)) {
    report.error({.code = "scenario.no-graph",
                  .mark = entry->value.mark,
                  .message = format("there is no graph file '{}'", spec.graph_file),
                  .help = "the path starts at the scenario file's folder"});
    return false;
  }
  const std::vector<Override> overrides = find_overrides(root);
  for (const Override& one : overrides) spec.param_overrides[one.param] = one.value->text;
  LoadOptions its = options;
  its.clock = spec.clock;
  its.params = spec.param_overrides;
  // A test shows what the graph does, also where real time is not granted.
  if (spec.clock == ClockMode::lockstep) its.real_time = RealTimeMode::best_effort;
  LoadedGraph graph = load_graph(spec.graph_file, its);
  const bool is_whole = !graph.diagnostics.has_errors();
  if (!is_whole && blame_overrides(overrides, its, loaded, report)) return true;
  found.append(graph.diagnostics);
  loaded.graph = std::move(graph.spec);
  return is_whole;
}

}  // namespace takt::scenario
