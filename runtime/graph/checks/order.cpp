// Delayed edges and the order of the start.
#include <algorithm>

#include "runtime/graph/checks/checks.hpp"
#include "runtime/graph/checks/edge_order.hpp"

namespace takt::graph {
namespace {

// Topological with ties in file order. Nodes that wait for each other, as free-running ones may,
// start in file order.
std::vector<std::size_t> start_order(const Model& model, const EdgeOrder& order) {
  std::vector<std::vector<std::size_t>> writers(model.nodes.size());
  for (const Edge& edge : model.edges) {
    const bool cut = EdgeOrder::is_delayed_by_user(edge) || order.leads_back(edge);
    if (!cut && edge.writer != edge.reader) writers[edge.reader].push_back(edge.writer);
  }
  std::vector<std::size_t> started;
  std::vector<bool> done(model.nodes.size(), false);
  const auto is_ready = [&](std::size_t node) {
    return !done[node] && std::all_of(writers[node].begin(), writers[node].end(),
                                      [&](std::size_t writer) { return done[writer]; });
  };
  while (started.size() < model.nodes.size()) {
    std::size_t chosen = 0;
    while (chosen < done.size() && !is_ready(chosen)) ++chosen;
    if (chosen == done.size()) {
      chosen = static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin());
    }
    done[chosen] = true;
    started.push_back(chosen);
  }
  return started;
}

}  // namespace

void resolve_order(Model& model, Report& report) {
  const EdgeOrder order(model);
  check_tree_cycles(model, order, report);
  for (const Edge& edge : model.edges) {
    std::string reason = order.delay_reason(edge);
    if (reason.empty()) continue;
    model.delayed.push_back({{model.nodes[edge.writer].name(), model.output_of(edge).name},
                             model.nodes[edge.reader].name(),
                             model.input_of(edge).name,
                             std::move(reason)});
  }
  model.start_order = start_order(model, order);
}

}  // namespace takt::graph
