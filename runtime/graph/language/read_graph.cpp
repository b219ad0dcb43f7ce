#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

constexpr std::int64_t kLanguageVersion = 1;
constexpr const char* kDefaultLibrary = "takt_nodes";

void read_version(MapReader& map, Report& report) {
  const MarkedEntry* entry =
      map.require("takt", format("begin the file with 'takt: {}'", kLanguageVersion));
  if (!entry) return;
  const auto version = read_integer(entry->value, "'takt'", report);
  if (version && *version != kLanguageVersion) {
    report.error({.code = "graph.version",
                  .mark = entry->value.mark,
                  .message = format("this takt reads version {} of the graph language, not {}",
                                    kLanguageVersion, *version)});
  }
}

void read_real_time(MapReader& map, GraphDraft& draft, Report& report) {
  const MarkedEntry* entry = map.find("real_time");
  if (!entry) return;
  const auto mode = read_word<RealTimeMode>(
      entry->value, "'real_time'",
      {{"required", RealTimeMode::required}, {"best_effort", RealTimeMode::best_effort}}, report);
  if (mode) draft.real_time = *mode;
}

void read_clock(MapReader& map, GraphDraft& draft, Report& report) {
  const MarkedEntry* entry = map.find("clock");
  if (!entry) return;
  const auto mode = read_word<ClockMode>(
      entry->value, "'clock'",
      {{"realtime", ClockMode::realtime}, {"lockstep", ClockMode::lockstep}}, report);
  if (mode) draft.clock = *mode;
}

void read_libraries(MapReader& map, GraphDraft& draft, Report& report) {
  const MarkedEntry* entry = map.find("libraries");
  if (!entry) {
    draft.libraries.push_back({kDefaultLibrary, {}});
    return;
  }
  if (!check_shape(entry->value, Shape::list, "'libraries'", report)) {
    draft.libraries_complete = false;
    return;
  }
  for (const MarkedNode& item : entry->value.items) {
    const auto name = read_name(item, "the name of a library", true, report);
    if (name) draft.libraries.push_back({*name, item.mark});
    draft.libraries_complete = draft.libraries_complete && name.has_value();
  }
}

void read_defaults(MapReader& map, GraphDraft& draft, Report& report) {
  const MarkedEntry* entry = map.find_map("defaults");
  if (!entry) return;
  MapReader defaults(entry->value, "'defaults'", entry->key.mark, report);
  draft.defaults = read_tuning(defaults, report);
  draft.supervision_defaults = read_supervision(defaults, report);
  defaults.finish();
}

void read_nodes(MapReader& map, GraphDraft& draft, Report& report) {
  const MarkedEntry* entry = map.require("nodes", "a graph has at least one node");
  if (!entry || !check_shape(entry->value, Shape::map, "'nodes'", report)) return;
  draft.nodes_mark = entry->key.mark;
  if (entry->value.entries.empty()) {
    report.error(
        {.code = "graph.missing-key", .mark = entry->key.mark, .message = "the graph has no node"});
  }
  for (const MarkedEntry& node : entry->value.entries) {
    draft.nodes.push_back(read_node(node, report));
  }
}

}  // namespace

GraphDraft read_draft(const MarkedNode& root, Report& report) {
  GraphDraft draft;
  MapReader map(root, "a graph file", root.mark, report);
  if (!map.is_map()) return draft;
  read_version(map, report);
  if (const MarkedEntry* entry = map.require("graph", "give the graph a name: 'graph: my_graph'")) {
    draft.name = read_name(entry->value, "the name of a graph", true, report).value_or("");
  }
  read_real_time(map, draft, report);
  read_clock(map, draft, report);
  draft.safety = read_safety(map, report);
  draft.access = read_access(map, report);
  draft.estop = read_estop(map, report);
  read_libraries(map, draft, report);
  read_defaults(map, draft, report);
  read_nodes(map, draft, report);
  map.finish();
  return draft;
}

}  // namespace takt::graph
