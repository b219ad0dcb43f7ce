// The way of a graph from its text to its specification.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include <takt/graph/graph_spec.hpp>
#include <takt/graph/mark_tree.hpp>
#include <takt/graph/read_file.hpp>
#include <takt/graph/report.hpp>

#include "runtime/graph/checks/checks.hpp"
#include "runtime/graph/sha256.hpp"

namespace takt {
namespace graph {
namespace {

std::string folder_of(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string absolute_folder(const std::string& folder) {
  std::error_code problem;
  const auto path = std::filesystem::absolute(folder, problem).lexically_normal();
  if (problem) return folder;
  // "/a/b/." becomes "/a/b/": the name without the last slash.
  return (path.has_filename() ? path : path.parent_path()).string();
}

InputConfig input_config(const Model& model, std::size_t reader, std::size_t index,
                         Report& report) {
  const InputDeclaration& declaration = model.nodes[reader].declaration->inputs[index];
  InputConfig config;
  config.name = declaration.name;
  config.layout = declaration.layout;
  config.measurement = declaration.measurement;
  config.command = declaration.command;
  config.optional = declaration.optional;
  config.unit = declaration.unit;
  const auto edges = model.edges_into(reader, index);
  const ExternalInput* const external = model.find_external(reader, index);
  if (edges.empty() && external == nullptr) return config;
  const InputDraft& draft = external != nullptr ? *external->draft : *edges.front()->draft;
  if (!edges.empty()) config.from = edges.front()->from->value;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    config.fallbacks.push_back(edges[i]->from->value);
  }
  config.external = external != nullptr;
  if (config.external) {
    config.unit = external->unit;
  } else if (config.unit.empty()) {
    config.unit = model.unit_of(*edges.front()).unit;
  }
  if (draft.max_age) config.max_age = draft.max_age->value.value;
  if (draft.max_data_age) config.max_data_age = draft.max_data_age->value.value;
  if (draft.on_stale) config.on_stale = draft.on_stale->value;
  if (draft.queue_depth) config.queue_depth = draft.queue_depth->value;
  if (draft.when_full) config.when_full = draft.when_full->value;
  if (draft.delayed) config.delayed = draft.delayed->value;
  if (external != nullptr) {
    resolve_initial(model, *external, config, report);
  } else {
    resolve_initial(model, *edges.front(), config, report);
  }
  return config;
}

OutputConfig output_config(const Model& model, std::size_t writer, std::size_t index) {
  const NodeModel& node = model.nodes[writer];
  const OutputDeclaration& declaration = node.declaration->outputs[index];
  OutputConfig config;
  config.name = declaration.name;
  config.layout = declaration.layout;
  config.unit = node.output_units[index].unit;
  config.origin = declaration.origin;
  for (const Edge& edge : model.edges) {
    if (edge.writer != writer || edge.output != index) continue;
    ReaderConfig reader{model.nodes[edge.reader].name(), model.input_of(edge).name, edge.triggers,
                        0};
    const bool bounded = edge.draft->when_full && edge.draft->when_full->value == WhenFull::wait;
    if (bounded && edge.draft->queue_depth) reader.credit_depth = edge.draft->queue_depth->value;
    config.readers.push_back(std::move(reader));
  }
  for (const NodeModel& reader : model.nodes) {
    const bool reads =
        model.has_estop(reader) && model.estop->writer == writer && model.estop->output == index;
    if (reads) config.readers.push_back({reader.name(), kEstopInput, true, 0});
  }
  return config;
}

TriggerConfig trigger_config(const TriggerDraft& draft) {
  TriggerConfig config{draft.kind, draft.period, draft.offset, {}, draft.within};
  for (const Marked<std::string>& input : draft.inputs) config.inputs.push_back(input.value);
  return config;
}

void set_timing(const Model& model, const NodeModel& node, NodeConfig& config) {
  const TuningDraft& own = node.draft->tuning;
  const TuningDraft& common = model.draft.defaults;
  if (node.draft->trigger) config.trigger = trigger_config(*node.draft->trigger);
  config.period = node.period;
  const auto& deadline = own.deadline ? own.deadline : common.deadline;
  const auto& on_miss = own.on_miss ? own.on_miss : common.on_miss;
  const auto& tolerate = own.tolerate ? own.tolerate : common.tolerate;
  if (deadline) config.deadline = deadline->value;
  if (on_miss) config.on_miss = on_miss->value;
  if (tolerate) {
    config.tolerate_misses = tolerate->value.misses;
    config.tolerate_window = tolerate->value.window;
  }
  if (model.draft.clock == ClockMode::lockstep) {
    config.real_time = {Policy::other, 0, {}, false};  // Its time is not the machine's.
  } else {
    config.real_time = {node.policy, node.priority, node.cpus, node.is_real_time()};
  }
}

NodeConfig node_config(const Model& model, std::size_t index, const std::string& base_folder,
                       Report& report) {
  const NodeModel& node = model.nodes[index];
  NodeConfig config;
  config.graph = model.draft.name;
  config.name = node.name();
  config.base_folder = base_folder;
  config.safety = safety_of(model);
  set_timing(model, node, config);
  if (!node.declaration) return config;
  config.type = node.declaration->type;
  config.library = node.library;
  config.declaration = *node.declaration;
  config.actuator = node.declaration->is_actuator();
  if (node.draft->on_silence) config.on_silence = node.draft->on_silence->value;
  for (std::size_t i = 0; i < node.declaration->inputs.size(); ++i) {
    config.inputs.push_back(input_config(model, index, i, report));
  }
  if (model.has_estop(node)) add_estop(model, index, config);
  for (std::size_t i = 0; i < node.declaration->outputs.size(); ++i) {
    config.outputs.push_back(output_config(model, index, i));
  }
  resolve_params(model, index, config, report);
  resolve_safe_values(model, index, config, report);
  return config;
}

void fill_spec(const Model& model, const LoadOptions& options, const std::string& base_folder,
               GraphSpec& spec, Report& report) {
  spec.name = model.draft.name;
  spec.real_time = model.draft.real_time;
  spec.clock = model.draft.clock;
  spec.turn_order = model.turn_order;
  spec.safety = safety_of(model);
  spec.access = access_of(model, options, report);
  if (model.estop) spec.estop = model.draft.estop->source.value;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    spec.nodes.push_back(node_config(model, i, base_folder, report));
    spec.supervision.push_back(supervision_of(model, i, report));
    const NodeConfig& node = spec.nodes.back();
    for (std::size_t output = 0; output < node.outputs.size(); ++output) {
      const OutputConfig& config = node.outputs[output];
      spec.topics.push_back(
          {{node.name, config.name}, config.layout, config.unit, chunks_of(model, i, output)});
    }
  }
  for (const std::size_t i : model.start_order) spec.start_order.push_back(model.nodes[i].name());
  spec.delayed = model.delayed;
}

// Every check runs, whatever the ones before have found.
void check(const MarkedNode& root, const LoadOptions& options, GraphSpec& spec, Report& report) {
  Model model;
  const std::string folder = folder_of(spec.file);
  model.draft = read_draft(root, report);
  if (options.real_time) model.draft.real_time = *options.real_time;
  if (options.clock) model.draft.clock = *options.clock;
  find_libraries(model, folder, options, report);
  resolve_types(model, report);
  resolve_inputs(model, report);
  resolve_units(model, report);
  check_edges(model, report);
  resolve_estop(model, report);
  resolve_triggers(model, report);
  resolve_real_time(model, options, report);
  check_board(model, options, report);
  resolve_order(model, report);
  check_freshness(model, report);
  check_fallbacks(model, report);
  check_externals(model, report);
  check_lockstep(model, report);
  check_silence(model, report);
  check_queues(model, report);
  check_limits(model, report);
  fill_spec(model, options, absolute_folder(folder), spec, report);
}

// `params:` of a node, with one of them replaced or added. A node that is not there is left to whom
// the options come from.
void override_param(MarkedNode& root, const std::string& node_and_param, const std::string& text) {
  const auto entry_of = [](MarkedNode& map, const std::string& key) -> MarkedEntry* {
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                    [&](const MarkedEntry& e) { return e.key.value == key; });
    return found == map.entries.end() ? nullptr : &*found;
  };
  const std::size_t dot = node_and_param.find('.');
  MarkedEntry* nodes = entry_of(root, "nodes");
  MarkedEntry* node = nodes ? entry_of(nodes->value, node_and_param.substr(0, dot)) : nullptr;
  if (!node || node->value.shape != Shape::map) return;
  const Mark mark = node->key.mark;
  MarkedEntry* params = entry_of(node->value, "params");
  if (!params) {
    node->value.entries.push_back({{"params", mark}, {}});
    params = &node->value.entries.back();
    params->value.mark = mark;
  }
  if (params->value.shape == Shape::empty) params->value.shape = Shape::map;
  if (params->value.shape != Shape::map) return;
  MarkedNode value;
  value.shape = Shape::scalar;
  value.mark = mark;
  value.text = text;
  const std::string name = node_and_param.substr(dot + 1);
  if (MarkedEntry* param = entry_of(params->value, name)) {
    param->value = std::move(value);
  } else {
    params->value.entries.push_back({{name, mark}, std::move(value)});
  }
}

LoadedGraph load(std::string text, const LoadOptions& options, const std::string& name,
                 Report& report) {
  LoadedGraph loaded;
  loaded.spec.file = name;
  loaded.spec.source_text = std::move(text);
  loaded.spec.sha256 = sha256_hex(loaded.spec.source_text);
  if (auto root = read_yaml(loaded.spec.source_text, report)) {
    for (const auto& [param, value] : options.params) override_param(*root, param, value);
    check(*root, options, loaded.spec, report);
  }
  loaded.diagnostics = report.take();
  return loaded;
}

}  // namespace
}  // namespace graph

const NodeConfig* GraphSpec::find(std::string_view node) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(),
                                  [&](const NodeConfig& config) { return config.name == node; });
  return found == nodes.end() ? nullptr : &*found;
}

LoadedGraph load_graph(const std::string& path, const LoadOptions& options) {
  graph::Report report(path);
  auto text = graph::read_file(path, report);
  if (text) return graph::load(std::move(*text), options, path, report);
  LoadedGraph loaded;
  loaded.spec.file = path;
  loaded.diagnostics = report.take();
  return loaded;
}

LoadedGraph load_graph_text(const std::string& text, const std::string& name,
                            const LoadOptions& options) {
  graph::Report report(name);
  return graph::load(text, options, name, report);
}

}  // namespace takt
