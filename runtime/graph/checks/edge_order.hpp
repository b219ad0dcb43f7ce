// Whether the reader of an edge sees the sample of this instant (CONTRACTS, order at one
// instant).
#pragma once

#include <string>
#include <vector>

#include "runtime/graph/checks/model.hpp"

namespace takt::graph {

// Thread safety: immutable. Real time: no. Lifetime: the model must outlive it, unchanged.
class EdgeOrder {
 public:
  explicit EdgeOrder(const Model& model);

  static bool is_delayed_by_user(const Edge& edge);

  // The edge leads back inside its own tree, a node into itself included.
  bool leads_back(const Edge& edge) const;

  // The ends belong to different periodic trees that are released together at some instant.
  bool crosses_trees(const Edge& edge) const;

  // Why the reader may see the sample of the period before; empty when it sees this instant's, or
  // when the two are never released together.
  std::string delay_reason(const Edge& edge) const;
  // The same in lockstep, where priorities and CPUs order nothing.
  std::string lockstep_delay_reason(const Edge& edge) const;

  // Where a node stands in its tree: depth-first, in file order; none without a tree.
  std::size_t position(std::size_t node) const { return position_[node]; }

 private:
  const std::string& name(std::size_t node) const { return model_.nodes[node].name(); }
  bool is_periodic(std::size_t root) const;
  bool same_tree(const Edge& edge) const;
  void number_tree(std::size_t node, std::size_t& next);
  std::vector<std::size_t> path_to(std::size_t node) const;
  std::string back_reason(const Edge& edge) const;
  std::string tree_reason(const Edge& edge) const;
  std::string rising_reason(std::size_t above, std::size_t node) const;
  std::string falling_reason(const std::vector<std::size_t>& before, std::size_t after) const;
  std::string apart_reason(std::size_t a, std::size_t b) const;

  const Model& model_;
  std::vector<std::size_t> position_;
};

// Reports cycles of trees that are released together, through edges that nobody delayed.
void check_tree_cycles(const Model& model, const EdgeOrder& order, Report& report);

}  // namespace takt::graph
