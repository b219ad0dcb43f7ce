#include <algorithm>

#include "runtime/loop/drivers/drivers.hpp"

namespace takt::loop {
namespace {
constexpr std::int64_t kSlice = std::chrono::nanoseconds(kLookMax).count();
}

void drive_by_data(Loop& loop) noexcept {
  Bell& bell = loop.bell();
  std::int64_t last_wake = loop.grid_zero();
  while (!loop.ended()) {
    if (const StopReason reason = loop.asked_to_end(); reason != StopReason::none) {
      loop.end(reason);
      return;
    }
    // Read before the queues: a sample that comes after this look changes the word, and the wait
    // below returns at once.
    const std::uint32_t seen = bell.rings.load(std::memory_order_seq_cst);
    const bool triggered = loop.collect();
    const std::int64_t now = loop.clock().now().count();
    if (triggered && loop.has_credits()) {
      last_wake = now;
      loop.run({loop.trigger_stamp(), now, 0});
      continue;
    }
    if (loop.must_act()) {
      last_wake = now;
      loop.obey(now);
      continue;
    }
    const std::int64_t look = loop.next_look(now, last_wake);
    if (!triggered && now >= look && loop.any_stale(now)) {
      last_wake = now;
      loop.run({now, now, 0});
      continue;
    }
    if (now >= look && loop.is_on_safe_course()) {
      last_wake = now;
      loop.obey(now);
      continue;
    }
    // Triggered without a credit: the wait for credits is the same wait on the same bell.
    const std::int64_t until = triggered ? now + kSlice : std::min(look, now + kSlice);
    loop.wait_for_ring(seen, until);
  }
}

void drive_free(Loop& loop) noexcept {
  Bell& bell = loop.bell();
  while (!loop.ended()) {
    if (const StopReason reason = loop.asked_to_end(); reason != StopReason::none) {
      loop.end(reason);
      return;
    }
    const std::uint32_t seen = bell.rings.load(std::memory_order_seq_cst);
    loop.collect();
    const std::int64_t now = loop.clock().now().count();
    if (!loop.has_credits()) {
      if (loop.must_act()) loop.obey(now);
      loop.wait_for_ring(seen, now + kSlice);
      continue;
    }
    loop.run({now, now, 0});
  }
}

void drive(Loop& loop) noexcept {
  switch (loop.config().trigger.kind) {
    case TriggerKind::periodic:
      return drive_periodic(loop);
    case TriggerKind::free_running:
      return drive_free(loop);
    case TriggerKind::on_input:
    case TriggerKind::on_all:
    case TriggerKind::on_any:
      return drive_by_data(loop);
  }
}

}  // namespace takt::loop
