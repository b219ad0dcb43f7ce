#include <algorithm>
#include <set>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/edge_order.hpp"

namespace takt::graph {
namespace {

// Depth-first search along the data flow between trees.
class TreeCycleSearch {
 public:
  TreeCycleSearch(const Model& model, const EdgeOrder& order, Report& report)
      : model_(model), report_(report), leaving_(model.nodes.size()) {
    for (const Edge& edge : model.edges) {
      if (!EdgeOrder::is_delayed_by_user(edge) && order.crosses_trees(edge)) {
        leaving_[model.nodes[edge.writer].root].push_back(&edge);
      }
    }
  }

  // One report for each cycle that the search closes; cutting one may leave others to the next
  // reading.
  void run() {
    for (std::size_t root = 0; root < leaving_.size(); ++root) visit(root);
  }

 private:
  void visit(std::size_t root) {
    if (done_.contains(root)) return;
    roots_.push_back(root);
    for (const Edge* edge : leaving_[root]) {
      const std::size_t next = model_.nodes[edge->reader].root;
      path_.push_back(edge);
      const auto open = std::find(roots_.begin(), roots_.end(), next);
      if (open == roots_.end()) {
        visit(next);
      } else {
        report_cycle({path_.begin() + (open - roots_.begin()), path_.end()});
      }
      path_.pop_back();
    }
    roots_.pop_back();
    done_.insert(root);
  }

  void report_cycle(std::vector<const Edge*> cycle) {
    // Begins with the edge that stands first in the file.
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    std::vector<std::string> words;
    std::vector<Marked<std::string>> notes;
    for (const Edge* edge : cycle) {
      words.push_back(format("{} -> {}", model_.topic_name(*edge), model_.input_name(*edge)));
      if (edge == cycle.front()) continue;
      notes.push_back(
          {format("'{}' reads '{}' here", model_.input_name(*edge), model_.topic_name(*edge)),
           edge->from->mark});
    }
    report_.error({.code = "graph.tree-cycle",
                   .mark = cycle.front()->from->mark,
                   .message = format("nodes that are released together read each other in a cycle: "
                                     "{}",
                                     fmt::join(words, ", ")),
                   .help = "say which input takes the sample of the period before: 'delayed: true'",
                   .notes = std::move(notes)});
  }

  const Model& model_;
  Report& report_;
  std::vector<std::vector<const Edge*>> leaving_;  // By the writer's root.
  std::vector<std::size_t> roots_;                 // The open trees of the search,
  std::vector<const Edge*> path_;                  // and the edges between them.
  std::set<std::size_t> done_;
};

}  // namespace

void check_tree_cycles(const Model& model, const EdgeOrder& order, Report& report) {
  TreeCycleSearch(model, order, report).run();
}

}  // namespace takt::graph
