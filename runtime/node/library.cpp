// Linked into every library of nodes: the one symbol that takt-node looks up.
#include <takt/node/registry.hpp>

extern "C" __attribute__((visibility("default"))) const takt::NodeLibrary* takt_node_library() {
  static const takt::NodeLibrary library{takt::kNodeAbi, takt::node_entries()};
  return &library;
}
