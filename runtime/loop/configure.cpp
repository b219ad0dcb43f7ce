#include "runtime/loop/configure.hpp"

#include <algorithm>
#include <cstring>

#include <takt/base/text.hpp>

namespace takt::loop {

namespace {

// The graph's safe values, where the node's `configure` and the loop find them.
Result<void> give_safe_values(Node& node, const NodeConfig& config) {
  for (const OutputBase* output : PortAccess::outputs(node)) {
    if (!PortAccess::is_device(*output)) continue;
    const std::string& name = PortAccess::name(*output);
    const auto given = std::find_if(config.outputs.begin(), config.outputs.end(),
                                    [&](const OutputConfig& c) { return c.name == name; });
    if (given == config.outputs.end() || given->safe.size() != given->layout.size) {
      return fail(format("the device output '{}.{}' has no safe value", config.name, name));
    }
    std::memcpy(PortAccess::safe(*output), given->safe.data(), given->safe.size());
  }
  return {};
}

}  // namespace

Result<void> configure_node(Node& node, const NodeLaunch& launch, Logger& logger,
                            std::int64_t now_ns) {
  const NodeConfig& config = launch.node;
  if (auto given = give_safe_values(node, config); !given) return given;
  NodeContext context{config.name, config.period, config.base_folder, &logger};
  if (auto configured = node.configure(context); !configured) return configured;
  for (OutputBase* output : PortAccess::outputs(node)) {
    if (!PortAccess::is_device(*output)) continue;
    const SampleHeader header{0, now_ns, now_ns, launch.incarnation};
    if (PortAccess::drive(*output, PortAccess::safe(*output), header)) continue;
    return fail(format("the device behind '{}.{}' does not take its safe value", config.name,
                       PortAccess::name(*output)),
                "check that it is connected and switched on");
  }
  return {};
}

}  // namespace takt::loop
