// A node before its loop: configured, and its device safe.
#pragma once

#include <cstdint>

#include <takt/base/result.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/node/access.hpp>

namespace takt::loop {

// Tells the node the safe values of its device, runs its `configure`, and drives the device to its
// safe value: nothing that a node does with an open device comes before that. Parameters are
// expected to be set. `now_ns` stamps what is driven. Errors: the node's own, or a device that does
// not take its safe value.
Result<void> configure_node(Node& node, const NodeLaunch& launch, Logger& logger,
                            std::int64_t now_ns);

}  // namespace takt::loop
