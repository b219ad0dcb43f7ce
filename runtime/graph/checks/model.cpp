#include "runtime/graph/checks/model.hpp"

#include <algorithm>

#include <takt/sample/sample.hpp>

namespace takt::graph {

std::vector<const Edge*> Model::edges_into(std::size_t reader, std::size_t input) const {
  std::vector<const Edge*> found;
  for (const Edge& edge : edges) {
    if (edge.reader == reader && edge.input == input) found.push_back(&edge);
  }
  return found;
}

std::size_t Model::estop_readers(std::size_t writer, std::size_t output) const {
  if (!estop || estop->writer != writer || estop->output != output) return 0;
  return static_cast<std::size_t>(std::count_if(
      nodes.begin(), nodes.end(), [this](const NodeModel& node) { return has_estop(node); }));
}

bool is_scalar(const Layout& layout) { return layout == layout_of<Scalar>(); }

}  // namespace takt::graph
