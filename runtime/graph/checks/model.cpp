#include "runtime/graph/checks/model.hpp"

#include <algorithm>

#include <takt/sample/sample.hpp>

namespace takt::graph {

const Edge* Model::edge_into(std::size_t reader, std::size_t input) const {
  const auto found = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) {
    return edge.reader == reader && edge.input == input;
  });
  return found == edges.end() ? nullptr : &*found;
}

std::size_t Model::estop_readers(std::size_t writer, std::size_t output) const {
  if (!estop || estop->writer != writer || estop->output != output) return 0;
  return static_cast<std::size_t>(std::count_if(
      nodes.begin(), nodes.end(), [this](const NodeModel& node) { return has_estop(node); }));
}

bool is_scalar(const Layout& layout) { return layout == layout_of<Scalar>(); }

}  // namespace takt::graph
