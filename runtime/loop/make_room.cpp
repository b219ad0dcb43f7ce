// The memory of injections: reserved, and touched, before the barrier.
#include <cstring>

#include "runtime/loop/input_shim.hpp"
#include "runtime/loop/input_slot.hpp"
#include "runtime/loop/shim_memory.hpp"

namespace takt::loop {
namespace {

std::byte* make_memory(std::size_t bytes) {
  auto* const memory =
      static_cast<std::byte*>(::operator new[](bytes, std::align_val_t{kCopyAlign}));
  std::memset(memory, 0, bytes);
  return memory;
}

}  // namespace

InputShim::InputShim(const InputConfig& config, const InjectionRoom& room)
    : config_(config),
      size_(config.layout.size),
      room_(room),
      stride_((size_ / kCopyAlign + std::size_t{1}) * kCopyAlign),
      memory_(make_memory(buffers_of(room) * stride_)),
      acts_(std::make_unique<Act[]>(room.injections)),
      arrivals_(std::make_unique<Arrival[]>(room.delayed + std::size_t{1})) {
  if (!room.copies) return;
  for (std::size_t i = 0; i <= room.delayed; ++i) {
    arrivals_[i].data = buffer(kFirstStuck + stuck_samples(room) + i);
  }
}

void InputSource::make_room(const InjectionRoom& room) {
  shim_ = std::make_unique<InputShim>(config_, room);
}

void InputSlot::make_room(bool scenario) {
  const InjectionRoom room = injection_room(scenario, config_.layout.size);
  for (InputSource& source : sources_) source.make_room(room);
}

}  // namespace takt::loop
