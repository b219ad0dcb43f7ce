#include "runtime/graph/checks/edge_order.hpp"

#include <algorithm>
#include <numeric>

#include <takt/base/text.hpp>

namespace takt::graph {
namespace {

// True when the release grids of two periodic nodes meet.
bool released_together(const NodeModel& a, const NodeModel& b) {
  const auto common = std::gcd(a.draft->trigger->period.count(), b.draft->trigger->period.count());
  return (a.draft->trigger->offset - b.draft->trigger->offset).count() % common == 0;
}

}  // namespace

EdgeOrder::EdgeOrder(const Model& model) : model_(model), position_(model.nodes.size(), kNone) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (model.nodes[i].root == i) number_tree(i, next);
  }
}

void EdgeOrder::number_tree(std::size_t node, std::size_t& next) {
  position_[node] = next++;
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    if (model_.nodes[i].parent == node && model_.nodes[i].root != kNone) number_tree(i, next);
  }
}

bool EdgeOrder::is_delayed_by_user(const Edge& edge) {
  return edge.draft->delayed && edge.draft->delayed->value;
}

bool EdgeOrder::is_periodic(std::size_t root) const {
  return root != kNone && model_.nodes[root].draft->trigger->kind == TriggerKind::periodic;
}

bool EdgeOrder::same_tree(const Edge& edge) const {
  const std::size_t root = model_.nodes[edge.writer].root;
  return root != kNone && root == model_.nodes[edge.reader].root;
}

bool EdgeOrder::leads_back(const Edge& edge) const {
  return same_tree(edge) && position_[edge.reader] <= position_[edge.writer];
}

bool EdgeOrder::crosses_trees(const Edge& edge) const {
  const std::size_t a = model_.nodes[edge.writer].root;
  const std::size_t b = model_.nodes[edge.reader].root;
  return a != b && is_periodic(a) && is_periodic(b) &&
         released_together(model_.nodes[a], model_.nodes[b]);
}

std::string EdgeOrder::delay_reason(const Edge& edge) const {
  if (is_delayed_by_user(edge)) return "the graph says 'delayed: true'";
  if (same_tree(edge)) {
    if (!is_periodic(model_.nodes[edge.writer].root)) return {};
    return leads_back(edge) ? back_reason(edge) : tree_reason(edge);
  }
  if (!crosses_trees(edge)) return {};
  // Everything on the way from the writer's root must be through before the reader's root begins.
  return falling_reason(path_to(edge.writer), model_.nodes[edge.reader].root);
}

std::string EdgeOrder::lockstep_delay_reason(const Edge& edge) const {
  if (is_delayed_by_user(edge)) return "the graph says 'delayed: true'";
  return is_periodic(model_.nodes[edge.writer].root) && leads_back(edge) ? back_reason(edge) : "";
}

// The trigger chain from the root to `node`.
std::vector<std::size_t> EdgeOrder::path_to(std::size_t node) const {
  std::vector<std::size_t> path;
  for (; node != kNone; node = model_.nodes[node].parent) path.push_back(node);
  std::reverse(path.begin(), path.end());
  return path;
}

std::string EdgeOrder::back_reason(const Edge& edge) const {
  if (model_.nodes[edge.reader].root == edge.reader) {
    return format("'{}' begins this trigger chain: it holds the sample of the period before",
                  name(edge.reader));
  }
  return format("'{}' runs before '{}' in their trigger chain", name(edge.reader),
                name(edge.writer));
}

std::string EdgeOrder::tree_reason(const Edge& edge) const {
  const std::vector<std::size_t> to_writer = path_to(edge.writer);
  const std::vector<std::size_t> to_reader = path_to(edge.reader);
  const auto fork =
      std::mismatch(to_writer.begin(), to_writer.end(), to_reader.begin(), to_reader.end());
  if (fork.first != to_writer.end()) {
    // Two branches: the writer's runs first when all of it is above the reader's.
    return falling_reason({fork.first, to_writer.end()}, *fork.second);
  }
  for (auto node = fork.second; node != to_reader.end(); ++node) {
    std::string reason = rising_reason(*(node - 1), *node);
    if (!reason.empty()) return reason;
  }
  return {};
}

std::string EdgeOrder::rising_reason(std::size_t above, std::size_t node) const {
  std::string apart = apart_reason(above, node);
  if (!apart.empty() || model_.nodes[node].priority > model_.nodes[above].priority) return apart;
  return format(
      "the priority of '{}' ({}) does not rise above that of '{}' ({}), which releases it",
      name(node), model_.nodes[node].priority, name(above), model_.nodes[above].priority);
}

std::string EdgeOrder::falling_reason(const std::vector<std::size_t>& before,
                                      std::size_t after) const {
  for (const std::size_t node : before) {
    std::string apart = apart_reason(node, after);
    if (!apart.empty()) return apart;
    if (model_.nodes[node].priority > model_.nodes[after].priority) continue;
    return format(
        "the priority of '{}' ({}) does not fall below that of '{}' ({}), which must run "
        "first",
        name(after), model_.nodes[after].priority, name(node), model_.nodes[node].priority);
  }
  return {};
}

// Why priorities say nothing about the order of two nodes.
std::string EdgeOrder::apart_reason(std::size_t a, std::size_t b) const {
  for (const std::size_t node : {a, b}) {
    if (model_.nodes[node].is_real_time()) continue;
    return format("'{}' is in no real-time class, so the kernel chooses the order", name(node));
  }
  const std::vector<int>& left = model_.nodes[a].cpus;
  const std::vector<int>& right = model_.nodes[b].cpus;
  if (left.size() == 1 && left == right) return {};
  return format("'{}' (CPU {}) and '{}' (CPU {}) may run at the same time", name(a),
                fmt::join(left, ","), name(b), fmt::join(right, ","));
}

}  // namespace takt::graph
