#include "runtime/loop/process/launch.hpp"

#include <takt/base/text.hpp>
#include <takt/node/access.hpp>
#include <takt/os/fd.hpp>

#include "runtime/loop/process/node_library.hpp"

namespace takt::loop {

Result<NodeLaunch> read_launch() {
  auto text = os::read_file(format("/proc/self/fd/{}", kLaunchFd));
  if (!text) return text.error();
  auto json = parse_json(*text);
  if (!json) return json.error();
  return node_launch_from_json(*json);
}

Result<std::unique_ptr<Node>> make_node(const NodeLaunch& launch) {
  const NodeConfig& config = launch.node;
  auto library = open_library(config.library);
  if (!library) return library.error();
  const NodeEntry* entry = find_in(**library, config.type);
  if (entry == nullptr) {
    return fail(format("'{}' has no node type '{}'", config.library, config.type),
                "its manifest is older or newer than the library: build it again");
  }
  auto node = entry->make();
  // The graph was checked against the manifest: a library that declares something else must not
  // run, its samples would be read with other eyes.
  if (PortAccess::declare(*node, entry->type, entry->summary) != config.declaration) {
    return fail(
        format("'{}' differs from its manifest in node type '{}'", config.library, config.type),
        "build the library again; takt_add_nodes() writes the manifest beside it");
  }
  return node;
}

}  // namespace takt::loop
