// Trigger chains: who releases whom, from which root, with which period.
#include <algorithm>
#include <utility>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

bool is_data_triggered(const NodeModel& node) {
  return node.draft->trigger && !node.draft->trigger->inputs.empty();
}

void report_delayed_trigger(const Model& model, const Edge& edge, Report& report) {
  if (!edge.draft->delayed || !edge.draft->delayed->value) return;
  report.error({.code = "graph.delayed-trigger",
                .mark = edge.draft->delayed->mark,
                .message = format("input '{}' releases its node and cannot be delayed",
                                  model.input_name(edge)),
                .help = "a trigger is the newest sample; delay an input that is only read"});
}

// Marks the edges that release `reader`; reports trigger inputs that do not exist or lead nowhere.
void resolve_trigger_of(Model& model, std::size_t reader, Report& report) {
  NodeModel& node = model.nodes[reader];
  for (const Marked<std::string>& name : node.draft->trigger->inputs) {
    const InputDeclaration* input = node.declaration->find_input(name.value);
    if (!input) {
      std::vector<std::string> known;
      for (const InputDeclaration& i : node.declaration->inputs) known.push_back(i.name);
      const std::string near = nearest_word(name.value, known);
      report.error(
          {.code = "graph.unknown-input",
           .mark = name.mark,
           .message = format("'{}' has no input '{}'{}", node.declaration->type, name.value,
                             near.empty() ? "" : format("; did you mean '{}'?", near)),
           .help = format("its inputs: {}", fmt::join(known, ", "))});
      continue;
    }
    const auto index = static_cast<std::size_t>(input - node.declaration->inputs.data());
    bool connected = false;
    for (Edge& edge : model.edges) {
      if (edge.reader != reader || edge.input != index) continue;
      edge.triggers = true;
      if (std::exchange(connected, true)) continue;
      // With fallbacks the node belongs to the chain of its first topic.
      if (node.parent == kNone && &name == &node.draft->trigger->inputs.front()) {
        node.parent = edge.writer;
      }
      report_delayed_trigger(model, edge, report);
    }
    if (model.find_external(reader, index) != nullptr) {
      report.error({.code = "graph.external-trigger",
                    .mark = name.mark,
                    .message = format("input '{}.{}' is external: nobody releases the node by it",
                                      node.name(), name.value),
                    .help = "give the node a 'period', or let a topic release it",
                    .notes = {{"it is external here", *node.inputs[index]->external}}});
      continue;
    }
    if (!connected && !node.inputs[index] && input->optional) {
      report.error(
          {.code = "graph.unconnected-input",
           .mark = name.mark,
           .message = format("trigger input '{}.{}' is not connected", node.name(), name.value),
           .help = format("add '{}: node.output' to its 'inputs'", name.value)});
    }
  }
}

// The nodes whose samples release `reader`.
std::vector<std::size_t> releasers(const Model& model, std::size_t reader) {
  std::vector<std::size_t> writers;
  for (const Edge& edge : model.edges) {
    if (edge.reader == reader && edge.triggers) writers.push_back(edge.writer);
  }
  return writers;
}

enum class Visit { never, open, done };

// Depth-first search against the data flow for a node that releases itself.
class CycleSearch {
 public:
  CycleSearch(const Model& model, Report& report)
      : model_(model), report_(report), visits_(model.nodes.size(), Visit::never) {}

  void run() {
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) visit(i);
  }

 private:
  void visit(std::size_t node) {
    if (visits_[node] == Visit::done) return;
    if (visits_[node] == Visit::open) return report_cycle(node);
    visits_[node] = Visit::open;
    path_.push_back(node);
    for (const std::size_t writer : releasers(model_, node)) visit(writer);
    path_.pop_back();
    visits_[node] = Visit::done;
  }

  void report_cycle(std::size_t node) {
    std::vector<std::size_t> cycle(std::find(path_.begin(), path_.end(), node), path_.end());
    std::reverse(cycle.begin(), cycle.end());  // Along the data flow.
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    std::string text;
    std::vector<Marked<std::string>> notes;
    for (const std::size_t i : cycle) {
      text += model_.nodes[i].name() + " -> ";
      if (i == cycle.front()) continue;
      notes.push_back({format("'{}' is released here", model_.nodes[i].name()),
                       model_.nodes[i].draft->trigger->mark});
    }
    const NodeModel& first = model_.nodes[cycle.front()];
    report_.error(
        {.code = "graph.trigger-cycle",
         .mark = first.draft->trigger->mark,
         .message = format("these nodes release each other, so nothing releases the first: "
                           "{}{}",
                           text, first.name()),
         .help = "give one of them a 'period'",
         .notes = std::move(notes)});
  }

  const Model& model_;
  Report& report_;
  std::vector<Visit> visits_;
  std::vector<std::size_t> path_;
};

// The beginning of the chain; none when it is broken or a cycle.
std::size_t root_of(const Model& model, std::size_t node) {
  for (std::size_t steps = 0; steps <= model.nodes.size(); ++steps) {
    const NodeModel& at = model.nodes[node];
    if (!at.draft->trigger) return kNone;
    if (!is_data_triggered(at)) {
      const bool is_root = at.draft->trigger->kind == TriggerKind::periodic ||
                           at.draft->trigger->kind == TriggerKind::free_running;
      return is_root ? node : kNone;
    }
    if (at.parent == kNone) return kNone;
    node = at.parent;
  }
  return kNone;
}

void check_needs_period(const NodeModel& node, const Model& model, Report& report) {
  if (!node.declaration || !node.declaration->needs_period || node.root == kNone) return;
  if (node.period > std::chrono::nanoseconds(0)) return;
  const NodeModel& root = model.nodes[node.root];
  report.error(
      {.code = "graph.needs-period",
       .mark = node.draft->trigger->mark,
       .message = format("node '{}' of type '{}' needs a period, and its trigger chain has "
                         "none",
                         node.name(), node.declaration->type),
       .help = "release it, or the node at the beginning of its chain, by 'period'",
       .notes = {{format("the chain begins at '{}', which runs freely", root.name()),
                  root.draft->trigger->mark}}});
}

}  // namespace

void resolve_triggers(Model& model, Report& report) {
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const NodeModel& node = model.nodes[i];
    if (node.declaration && is_data_triggered(node)) resolve_trigger_of(model, i, report);
  }
  CycleSearch(model, report).run();
  for (std::size_t i = 0; i < model.nodes.size(); ++i) model.nodes[i].root = root_of(model, i);
  for (NodeModel& node : model.nodes) {
    if (node.root != kNone) node.period = model.nodes[node.root].draft->trigger->period;
    check_needs_period(node, model, report);
  }
}

}  // namespace takt::graph
