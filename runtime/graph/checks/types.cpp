// Names: node types, topics, inputs, outputs.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

// "; did you mean 'x'?" or nothing.
std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest_word(word, known);
  return near.empty() ? "" : format("; did you mean '{}'?", near);
}

template <typename Declarations>
std::vector<std::string> names_of(const Declarations& declarations) {
  std::vector<std::string> names;
  names.reserve(declarations.size());
  for (const auto& declaration : declarations) names.push_back(declaration.name);
  return names;
}

std::string known_list(const std::string& what, const std::vector<std::string>& known) {
  return known.empty() ? format("it has no {}", what)
                       : format("its {}: {}", what, fmt::join(known, ", "));
}

void resolve_type(Model& model, NodeModel& node, Report& report) {
  if (!node.draft->type) return;
  const Marked<std::string>& type = *node.draft->type;
  std::vector<std::string> known;
  std::vector<std::string> libraries;
  for (const NodeLibrary& library : model.libraries) {
    for (const NodeDeclaration& declaration : library.manifest.nodes) {
      known.push_back(declaration.type);
      if (declaration.type != type.value) continue;
      libraries.push_back(library.manifest.library);
      node.declaration = &declaration;
      node.library = library.path;
    }
  }
  if (libraries.size() > 1) {
    report.error({.code = "graph.ambiguous-type",
                  .mark = type.mark,
                  .message = format("type '{}' is in more than one library: {}", type.value,
                                    fmt::join(libraries, ", ")),
                  .help = "remove one of them from 'libraries'"});
  }
  // A type may well be in the library that was not found: one mistake, one report.
  if (libraries.empty() && model.libraries_complete) {
    report.error({.code = "graph.unknown-type",
                  .mark = type.mark,
                  .message = format("no library has a node of type '{}'{}", type.value,
                                    suggestion(type.value, known)),
                  .help = "'takt nodes' lists the types"});
  }
}

void check_output_names(const NodeModel& node, const MarkedNode* map, Report& report) {
  if (!map) return;
  for (const MarkedEntry& entry : map->entries) {
    if (node.declaration->find_output(entry.key.value)) continue;
    const auto known = names_of(node.declaration->outputs);
    report.error({.code = "graph.unknown-output",
                  .mark = entry.key.mark,
                  .message = format("node '{}' has no output '{}'{}", node.name(), entry.key.value,
                                    suggestion(entry.key.value, known)),
                  .help = known_list("outputs", known)});
  }
}

}  // namespace

bool find_topic(const Model& model, const Marked<TopicName>& topic, std::size_t& node,
                std::size_t& index, Report& report) {
  const auto writer = model.index.find(topic.value.node);
  if (writer == model.index.end()) {
    std::vector<std::string> known;
    for (const auto& [name, position] : model.index) known.push_back(name);
    report.error({.code = "graph.unknown-node",
                  .mark = topic.mark,
                  .message = format("there is no node '{}'{}", topic.value.node,
                                    suggestion(topic.value.node, known))});
    return false;
  }
  node = writer->second;
  const NodeDeclaration* declaration = model.nodes[node].declaration;
  if (!declaration) return false;
  const OutputDeclaration* output = declaration->find_output(topic.value.output);
  if (!output) {
    const auto known = names_of(declaration->outputs);
    report.error({.code = "graph.unknown-output",
                  .mark = topic.mark,
                  .message = format("node '{}' has no output '{}'{}", topic.value.node,
                                    topic.value.output, suggestion(topic.value.output, known)),
                  .help = known_list("outputs", known)});
    return false;
  }
  index = static_cast<std::size_t>(output - declaration->outputs.data());
  return true;
}

namespace {

void resolve_inputs_of(Model& model, std::size_t reader, Report& report) {
  NodeModel& node = model.nodes[reader];
  const NodeDeclaration& declaration = *node.declaration;
  node.inputs.resize(declaration.inputs.size(), nullptr);
  for (const InputDraft& draft : node.draft->inputs) {
    const InputDeclaration* input = declaration.find_input(draft.name.value);
    if (!input) {
      const auto known = names_of(declaration.inputs);
      report.error({.code = "graph.unknown-input",
                    .mark = draft.name.mark,
                    .message = format("'{}' has no input '{}'{}", declaration.type,
                                      draft.name.value, suggestion(draft.name.value, known)),
                    .help = known_list("inputs", known)});
      continue;
    }
    Edge edge;
    edge.reader = reader;
    edge.input = static_cast<std::size_t>(input - declaration.inputs.data());
    edge.draft = &draft;
    node.inputs[edge.input] = &draft;
    if (draft.external) model.externals.push_back({reader, edge.input, &draft, ""});
    for (const Marked<TopicName>& topic : draft.from) {
      edge.from = &topic;
      if (!find_topic(model, topic, edge.writer, edge.output, report)) continue;
      model.edges.push_back(edge);
      edge.is_fallback = true;
    }
  }
  for (std::size_t i = 0; i < declaration.inputs.size(); ++i) {
    if (node.inputs[i] || declaration.inputs[i].optional) continue;
    report.error(
        {.code = "graph.unconnected-input",
         .mark = node.draft->name.mark,
         .message =
             format("input '{}.{}' is not connected", node.name(), declaration.inputs[i].name),
         .help = format("add '{}: node.output' to its 'inputs'", declaration.inputs[i].name)});
  }
}

}  // namespace

void resolve_types(Model& model, Report& report) {
  for (const NodeDraft& draft : model.draft.nodes) {
    NodeModel node;
    node.draft = &draft;
    model.index.emplace(draft.name.value, model.nodes.size());
    model.nodes.push_back(std::move(node));
  }
  for (NodeModel& node : model.nodes) {
    resolve_type(model, node, report);
    if (!node.declaration) continue;
    node.output_units.resize(node.declaration->outputs.size());
    check_output_names(node, node.draft->units, report);
    check_output_names(node, node.draft->safe, report);
  }
}

void resolve_inputs(Model& model, Report& report) {
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (model.nodes[i].declaration) resolve_inputs_of(model, i, report);
  }
}

}  // namespace takt::graph
