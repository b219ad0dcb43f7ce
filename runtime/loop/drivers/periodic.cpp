#include <algorithm>

#include "runtime/loop/drivers/drivers.hpp"
#include "runtime/loop/drivers/grid.hpp"

namespace takt::loop {
namespace {

// Waits for `until` in slices; false when the loop is asked to end.
bool wait_for_release(Loop& loop, std::int64_t until) noexcept {
  const std::int64_t slice = std::chrono::nanoseconds(kLookMax).count();
  for (;;) {
    if (const StopReason reason = loop.asked_to_end(); reason != StopReason::none) {
      loop.end(reason);
      return false;
    }
    const std::int64_t now = loop.clock().now().count();
    if (now >= until) return true;
    loop.wait_until(std::min(until, now + slice));
  }
}

}  // namespace

void drive_periodic(Loop& loop) noexcept {
  const TriggerConfig& trigger = loop.config().trigger;
  Grid grid(loop.grid_zero() + trigger.offset.count(), trigger.period.count());
  // Started into a running graph: the points before were its predecessor's.
  if (loop.joins_late()) grid.begin_at(loop.clock().now().count());
  while (!loop.ended() && wait_for_release(loop, grid.next())) {
    const std::int64_t now = loop.clock().now().count();
    const Grid::Point point = grid.take(now);
    loop.collect();
    loop.run({point.time, now, point.skipped});
    grid.pass(loop.clock().now().count());
  }
}

}  // namespace takt::loop
