#include "runtime/supervisor/conductor.hpp"

#include <algorithm>

#include <takt/os/futex.hpp>
#include <takt/time/clock.hpp>

namespace takt::supervisor {

bool Conductor::is_at_rest(std::size_t node) const {
  const Turn& turn = page_.turns[node];
  return turn.ended.load(std::memory_order_acquire) ==
         turn.given.load(std::memory_order_relaxed) + 1;
}

std::optional<std::size_t> Conductor::due() const {
  const std::int64_t now = page_.now_ns.load(std::memory_order_relaxed);
  const auto is_due = [&](std::size_t node) {
    if (gone_[node] || held_[node]) return false;
    const Turn& turn = page_.turns[node];
    if (turn.next_ns.load(std::memory_order_relaxed) <= now) return true;
    return turn.awaits_bell.load(std::memory_order_relaxed) != 0 &&
           turn.seen.load(std::memory_order_relaxed) !=
               bells_.bells[node].rings.load(std::memory_order_acquire);
  };
  const auto found = std::find_if(order_.begin(), order_.end(), is_due);
  return found == order_.end() ? std::nullopt : std::optional(*found);
}

std::int64_t Conductor::next() const {
  std::int64_t earliest = kNoInstant;
  for (const std::size_t node : order_) {
    if (gone_[node] || held_[node]) continue;
    earliest = std::min(earliest, page_.turns[node].next_ns.load(std::memory_order_relaxed));
  }
  return earliest;
}

void Conductor::renew(std::size_t node) {
  Turn& turn = page_.turns[node];
  turn.awaits_bell.store(0, std::memory_order_relaxed);
  turn.next_ns.store(kNoInstant, std::memory_order_relaxed);
  turn.ended.store(0, std::memory_order_relaxed);
  turn.given.store(0, std::memory_order_release);
  held_[node] = false;
}

void Conductor::give(std::size_t node) {
  Turn& turn = page_.turns[node];
  turn.given.fetch_add(1, std::memory_order_release);
  os::futex_wake(turn.given, 1);
}

bool Conductor::await_end(std::size_t node, std::chrono::nanoseconds deadline) {
  const MonotonicClock clock;
  for (;;) {
    // Read before the look: an end that comes after it changes the word.
    const std::uint32_t before = page_.ended.load(std::memory_order_acquire);
    if (is_at_rest(node)) return true;
    if (clock.now() >= deadline) return false;
    os::futex_wait(page_.ended, before, deadline);
  }
}

}  // namespace takt::supervisor
