// Delayed edges and the order of the start.
#include <algorithm>
#include <numeric>
#include <utility>

#include "runtime/graph/checks/checks.hpp"
#include "runtime/graph/checks/edge_order.hpp"

namespace takt::graph {
namespace {

// Topological, `before` naming for each what comes before it, with ties in file order. What waits
// for each other, as free-running nodes may, comes in file order.
std::vector<std::size_t> sorted_by_flow(const std::vector<std::vector<std::size_t>>& before) {
  std::vector<std::size_t> sorted;
  std::vector<bool> done(before.size(), false);
  const auto is_ready = [&](std::size_t one) {
    return !done[one] && std::all_of(before[one].begin(), before[one].end(),
                                     [&](std::size_t other) { return done[other]; });
  };
  while (sorted.size() < before.size()) {
    std::size_t chosen = 0;
    while (chosen < done.size() && !is_ready(chosen)) ++chosen;
    if (chosen == done.size()) {
      chosen = static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin());
    }
    done[chosen] = true;
    sorted.push_back(chosen);
  }
  return sorted;
}

std::vector<std::size_t> start_order(const Model& model, const EdgeOrder& order) {
  std::vector<std::vector<std::size_t>> writers(model.nodes.size());
  for (const Edge& edge : model.edges) {
    const bool cut = EdgeOrder::is_delayed_by_user(edge) || order.leads_back(edge);
    if (!cut && edge.writer != edge.reader) writers[edge.reader].push_back(edge.writer);
  }
  return sorted_by_flow(writers);
}

// Trees along the data flow between them, ties in file order; in a tree depth-first. A delayed edge
// puts its reader first: that must not see the sample of this instant.
std::vector<std::size_t> turn_order(const Model& model, const EdgeOrder& order) {
  std::vector<std::vector<std::size_t>> before(model.nodes.size());  // Roots, by the root behind.
  for (const Edge& edge : model.edges) {
    if (!order.crosses_trees(edge)) continue;
    std::size_t first = model.nodes[edge.writer].root;
    std::size_t second = model.nodes[edge.reader].root;
    if (EdgeOrder::is_delayed_by_user(edge)) std::swap(first, second);
    before[second].push_back(first);
  }
  std::vector<std::size_t> rank(model.nodes.size(), kNone);
  const std::vector<std::size_t> sorted = sorted_by_flow(before);
  for (std::size_t i = 0; i < sorted.size(); ++i) rank[sorted[i]] = i;
  std::vector<std::size_t> turns(model.nodes.size());
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  const auto place = [&](std::size_t node) {
    const std::size_t root = model.nodes[node].root;
    return std::pair(root == kNone ? kNone : rank[root], order.position(node));
  };
  std::stable_sort(turns.begin(), turns.end(),
                   [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  return turns;
}

}  // namespace

void resolve_order(Model& model, Report& report) {
  const EdgeOrder order(model);
  check_tree_cycles(model, order, report);
  const bool lockstep = model.draft.clock == ClockMode::lockstep;
  for (const Edge& edge : model.edges) {
    std::string reason = lockstep ? order.lockstep_delay_reason(edge) : order.delay_reason(edge);
    if (reason.empty()) continue;
    model.delayed.push_back({{model.nodes[edge.writer].name(), model.output_of(edge).name},
                             model.nodes[edge.reader].name(),
                             model.input_of(edge).name,
                             std::move(reason)});
  }
  model.start_order = start_order(model, order);
  model.turn_order = turn_order(model, order);
}

}  // namespace takt::graph
