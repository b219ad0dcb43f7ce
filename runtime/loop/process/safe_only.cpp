#include "runtime/loop/process/safe_only.hpp"

#include <cstdio>

#include <takt/base/text.hpp>
#include <takt/node/access.hpp>
#include <takt/os/signals.hpp>
#include <takt/time/clock.hpp>

#include "runtime/loop/configure.hpp"
#include "runtime/loop/process/launch.hpp"
#include "runtime/loop/process/wire.hpp"

namespace takt::loop {
namespace {

// What `configure` of a running node could ask its ports.
void connect_inputs(Node& node, const NodeConfig& config) {
  for (InputBase* input : PortAccess::inputs(node)) {
    for (const InputConfig& c : config.inputs) {
      if (c.name == PortAccess::name(*input) && (c.from || c.external)) PortAccess::connect(*input);
    }
  }
}

Result<void> drive_safe() {
  auto launch = read_launch();
  if (!launch) return launch.error();
  auto node = make_node(*launch);
  if (!node) return node.error();
  const NodeConfig& config = launch->node;
  if (!config.declaration.device) {
    return fail(format("node '{}' owns no device: there is nothing to make safe", config.name));
  }
  if (auto set = PortAccess::set_params(**node, config.params); !set) return set.error();
  connect_inputs(**node, config);
  Logger nobody_listens;
  return configure_node(**node, *launch, nobody_listens, MonotonicClock().now().count());
}

}  // namespace

int drive_safe_only() {
  os::ignore_broken_pipes();
  const auto driven = drive_safe();
  if (driven) return 0;
  std::fprintf(stderr, "takt-node: %s\n", driven.error().text().c_str());
  report_failure(driven.error());
  return 1;
}

}  // namespace takt::loop
