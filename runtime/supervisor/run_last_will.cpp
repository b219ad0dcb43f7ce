// The last will of a dead node that owned a device: somebody else drives it to its safe value.
#include <csignal>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

// A device that does not open in this time is left to its own time-out (`on_silence`). Short of the
// supervisor's own: nodes must not take it for dead meanwhile.
constexpr std::chrono::milliseconds kWillMax{400};

}  // namespace

// Before any restart: whoever starts next opens the device anew. It waits for the process, which
// takes milliseconds; a device that hangs is given up at its limit.
void Run::run_last_will(std::size_t index) {
  if (index >= graph_.nodes.size() || !barrier_open_) return;
  const NodeConfig& node = graph_.nodes[index];
  // Who ended by himself has driven his device to its safe value.
  if (!node.declaration.device || processes_[index].ending->clean()) return;
  const auto program = find_program("takt-node");
  if (!program) return;
  StartPlan plan = node_plan(*program, index, launch(index));
  plan.verb = "--safe-only";
  auto will = start_process(plan);
  if (!will) {
    log_.say(format("the last will of '{}' cannot be run: {}", node.name, will.error().text()));
    return;
  }
  const bool ended = os::wait_readable(will->child.pidfd(), kWillMax);
  if (!ended) {
    static_cast<void>(os::send_signal(will->child, SIGKILL));
    os::wait_readable(will->child.pidfd(), kWillMax);
  }
  look_for_end(*will);
  reap(*will);
  read_output(*will, [&](const std::string& line) { log_.event(line); });
  const bool done = ended && will->ending && will->ending->clean();
  log_.say(done ? format("last will of '{}': its device was driven to its safe value", node.name)
                : format("last will of '{}': its device could not be driven to its safe value; it "
                         "is left to its own time-out",
                         node.name));
}

}  // namespace takt::supervisor
