#include "runtime/loop/estop_input.hpp"

#include <cstring>

namespace takt::loop {
namespace {

template <typename T>
T load(const void* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

EstopInput::EstopInput(const EstopConfig& estop, const InputConfig& input,
                       std::vector<std::unique_ptr<port::Reader>> readers, InputWiring wiring)
    : estop_(estop),
      counters_(*wiring.counters),
      slot_(port_, input, std::move(readers), wiring, false) {}

// As numbers, where there are two zeros; else byte for byte.
bool EstopInput::is_released(const void* sample) const noexcept {
  const auto* at = static_cast<const std::byte*>(sample) + estop_.offset;
  const std::byte* released = estop_.released.data();
  if (estop_.kind == FieldKind::f64) return load<double>(at) == load<double>(released);
  if (estop_.kind == FieldKind::f32) return load<float>(at) == load<float>(released);
  return std::memcmp(at, released, estop_.released.size()) == 0;
}

void EstopInput::collect(Stamp now) noexcept {
  const std::uint64_t lost = counters_.lost.load(std::memory_order_relaxed);
  while (slot_.collect(now)) {
    is_pressed_ = !is_released(port_.data());
    was_pressed_ = was_pressed_ || is_pressed_;
    slot_.consume();
  }
  if (counters_.lost.load(std::memory_order_relaxed) != lost) was_pressed_ = true;
}

EstopInput::Found EstopInput::judge(Stamp now, bool record) noexcept {
  const bool pressed = std::exchange(was_pressed_, false) || is_pressed_;
  const bool stale = slot_.judge(now, record) == InputSlot::Verdict::stale;
  if (pressed) return Found::pressed;
  if (stale) return Found::silent;
  return slot_.has_sample() ? Found::released : Found::unknown;
}

}  // namespace takt::loop
