#include <algorithm>
#include <cstring>

#include <takt/bus/simulated.hpp>

namespace takt::bus {

SimulatedLink::SimulatedLink(std::size_t depth) : ends_{End(*this, 0), End(*this, 1)} {
  for (Queue& queue : queues_) queue.slots.resize(depth);
}

int SimulatedLink::End::send(std::span<const std::byte> datagram) noexcept {
  if (link_.refusal_ != 0) return link_.refusal_;
  Queue& queue = link_.queues_[1 - own_];
  if (queue.count == queue.slots.size()) return 0;  // Lost on its way.
  Slot& slot = queue.slots[(queue.oldest + queue.count) % queue.slots.size()];
  std::memcpy(slot.bytes.data(), datagram.data(), datagram.size());
  slot.size = datagram.size();
  ++queue.count;
  return 0;
}

std::ptrdiff_t SimulatedLink::End::receive(std::span<std::byte> memory) noexcept {
  Queue& queue = link_.queues_[own_];
  if (queue.count == 0) return -1;
  const Slot& slot = queue.slots[queue.oldest];
  if (!memory.empty()) {
    std::memcpy(memory.data(), slot.bytes.data(), std::min(memory.size(), slot.size));
  }
  queue.oldest = (queue.oldest + 1) % queue.slots.size();
  --queue.count;
  return static_cast<std::ptrdiff_t>(slot.size);
}

}  // namespace takt::bus
