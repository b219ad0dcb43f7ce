// What a person holds at a value for a time (`takt force`), applied where the loop commits.
#include <cstring>

#include "runtime/loop/state.hpp"

namespace takt::loop {
namespace {

// One slot, read whole or not at all.
bool read(const ForceSlot& slot, Force& force) noexcept {
  const std::uint64_t revision = slot.revision.load(std::memory_order_acquire);
  if (revision == 0 || revision % 2 != 0) return false;
  force.armed = slot.armed.load(std::memory_order_relaxed);
  force.until_ns = slot.until_ns.load(std::memory_order_relaxed);
  force.node = slot.node.load(std::memory_order_relaxed);
  force.output = slot.output.load(std::memory_order_relaxed);
  force.offset = slot.offset.load(std::memory_order_relaxed);
  force.size = slot.size.load(std::memory_order_relaxed);
  force.bits = slot.bits.load(std::memory_order_relaxed);
  // The words above are read before the second look at the revision.
  std::atomic_thread_fence(std::memory_order_acquire);
  return slot.revision.load(std::memory_order_relaxed) == revision;
}

}  // namespace

void Loop::State::apply_forces(std::int64_t now) noexcept {
  if (pages.control == nullptr || armed == 0) return;
  // A slot is used from the first force of the run on, and most runs have none.
  const std::uint32_t used = pages.control->forces_used.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < used && i < kForcesMax; ++i) {
    Force force;
    if (!read(pages.control->forces[i], force) || force.node != launch.index) continue;
    if (force.armed != armed || now >= force.until_ns || force.output >= outputs.size()) continue;
    outputs[force.output]->overwrite(force.offset, &force.bits, force.size);
  }
}

}  // namespace takt::loop
