// A node's side of `clock: lockstep`: it works when it is its turn, and time is what the supervisor
// says.
#pragma once

#include <chrono>
#include <cstdint>

#include <takt/base/rt.hpp>
#include <takt/os/life_word.hpp>
#include <takt/status/turns.hpp>
#include <takt/time/clock.hpp>

namespace takt::loop {

// Thread safety: the loop thread; `now` any thread. Real time: no, there is none in lockstep.
// Lifetime: not beyond the pages.
class TurnTaker final : public Clock {
 public:
  TurnTaker(TurnPage& page, std::uint32_t node, const os::LifeWord& supervisor)
      : page_(page), turn_(page.turns[node]), supervisor_(supervisor) {}

  // The present instant.
  std::chrono::nanoseconds now() const noexcept TAKT_RT override {
    return std::chrono::nanoseconds(page_.now_ns.load(std::memory_order_acquire));
  }
  // Turn after turn until the instant has come, or the supervisor has died.
  void wait_until(std::chrono::nanoseconds deadline) noexcept override;

  // Ends the present turn and returns in the next one: at `next`, or earlier because of an order of
  // the supervisor, or because it has died.
  void wait(std::int64_t next) noexcept;
  // The same, and also when the bell has been rung since `seen`; at once when it has been already.
  void wait_for_ring(const Bell& bell, std::uint32_t seen, std::int64_t next) noexcept;
  // Ends the last turn.
  void leave() noexcept;

 private:
  void end_turn() noexcept;
  void await_turn() noexcept;

  TurnPage& page_;
  Turn& turn_;
  const os::LifeWord& supervisor_;
  std::uint32_t ended_ = 0;  // Turns, as the page says it too.
};

}  // namespace takt::loop
