// What a process is told to run: its launch message, and the node that this names.
#pragma once

#include <memory>

#include <takt/base/result.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/node/node.hpp>

namespace takt::loop {

// The message behind kLaunchFd. Errors: none is there, damage, another version.
Result<NodeLaunch> read_launch();

// The node out of its library. Errors: those of the library, and a declaration that differs from
// the manifest.
Result<std::unique_ptr<Node>> make_node(const NodeLaunch& launch);

}  // namespace takt::loop
