// What is injected at this node's inputs: found in the page, handed to the inputs.
#include "runtime/loop/state.hpp"

namespace takt::loop {

// One load while nothing new is injected.
void Loop::State::look_at_injections() noexcept {
  const InjectionPage* const page = pages.injections;
  if (page == nullptr) return;
  const std::uint64_t last = page->last_serial.load(std::memory_order_acquire);
  if (last == injections_seen) return;
  const std::uint32_t used = page->slots_used.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < used && i < kInjectionsMax; ++i) {
    InjectionEntry entry;
    if (!read_injection(page->slots[i], entry) || entry.node != launch.index) continue;
    // A newer one is counted in the next look, with all that were given before it.
    if (entry.serial <= injections_seen || entry.serial > last) continue;
    if (entry.input >= slots.size() || slots[entry.input] == nullptr) continue;
    is_injected = true;
    slots[entry.input]->adopt(entry, page->points(), clock.now().count());
  }
  injections_seen = last;
}

}  // namespace takt::loop
