#include <takt/loop/turn_taker.hpp>

#include <takt/os/futex.hpp>

namespace takt::loop {
namespace {
// How often a node that waits for its turn looks whether the supervisor is still there.
constexpr std::chrono::milliseconds kLook{100};
}  // namespace

void TurnTaker::wait_until(std::chrono::nanoseconds deadline) noexcept {
  while (now() < deadline && !supervisor_.owner_died()) wait(deadline.count());
}

void TurnTaker::wait(std::int64_t next) noexcept {
  turn_.next_ns.store(next, std::memory_order_relaxed);
  turn_.awaits_bell.store(0, std::memory_order_relaxed);
  end_turn();
  await_turn();
}

void TurnTaker::wait_for_ring(const Bell& bell, std::uint32_t seen, std::int64_t next) noexcept {
  if (bell.rings.load(std::memory_order_seq_cst) != seen) return;
  turn_.next_ns.store(next, std::memory_order_relaxed);
  turn_.seen.store(seen, std::memory_order_relaxed);
  turn_.awaits_bell.store(1, std::memory_order_relaxed);
  end_turn();
  await_turn();
}

void TurnTaker::leave() noexcept {
  turn_.next_ns.store(kNoInstant, std::memory_order_relaxed);
  turn_.awaits_bell.store(0, std::memory_order_relaxed);
  end_turn();
}

void TurnTaker::end_turn() noexcept {
  turn_.ended.store(++ended_, std::memory_order_release);
  page_.ended.fetch_add(1, std::memory_order_release);
  os::futex_wake(page_.ended, 1);
}

void TurnTaker::await_turn() noexcept {
  const MonotonicClock machine;
  for (;;) {
    const std::uint32_t given = turn_.given.load(std::memory_order_acquire);
    if (given == ended_ || supervisor_.owner_died()) return;
    os::futex_wait(turn_.given, given, machine.now() + kLook);
  }
}

}  // namespace takt::loop
