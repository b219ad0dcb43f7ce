// What a loop consists of; shared by the files that implement it.
#pragma once

#include <memory>
#include <vector>

#include <takt/loop/loop.hpp>

#include "runtime/loop/estop_input.hpp"
#include "runtime/loop/input_slot.hpp"
#include "runtime/loop/miss_window.hpp"
#include "runtime/loop/output_slot.hpp"

namespace takt::loop {

// Without a control page, as in a unit test, nobody disarms.
inline constexpr std::uint64_t kAlwaysArmed = 1;

struct Loop::State {
  NodeLaunch launch;
  std::unique_ptr<Node> node;
  Pages pages;
  Clock& clock;
  // Reserved once: slots hold references into each other's neighbours and never move.
  std::vector<std::unique_ptr<InputSlot>> inputs;
  std::vector<std::unique_ptr<OutputSlot>> outputs;
  std::unique_ptr<EstopInput> estop;        // Null: the graph has none, or this is no actuator.
  std::vector<InputSlot*> triggers;         // In the order of the graph's `on:`.
  InputSlot* origin_input = nullptr;        // Gives inheriting outputs their origin.
  std::vector<InputSlot*> slots;            // By the configuration's place; null: not connected.
  std::vector<Bell*> writers_with_credits;  // Per input: whom to ring when a credit returns.
  MissWindow misses;
  Logger logger;
  std::int64_t grid_zero = 0;
  std::int64_t last_release = 0;
  bool first = true;
  bool has_acted = false;              // A step has sent something.
  std::uint64_t armed = kAlwaysArmed;  // As the control page said at the last look.
  std::uint64_t tripped = 0;           // The arming in which this node went safe for good.
  bool finishing = false;              // The supervisor is dead and `on_supervisor_loss: finish`.
  StopReason reason = StopReason::none;
  bool has_ended = false;
  std::uint64_t injections_seen = 0;  // Serial of the last one at the last look.
  bool is_injected = false;           // There was one for this node.

  explicit State(const NodeLaunch& l, std::unique_ptr<Node> n, Pages p, Clock& c)
      : launch(l),
        node(std::move(n)),
        pages(p),
        clock(c),
        misses(l.node.tolerate_misses, l.node.tolerate_window) {}

  const NodeConfig& config() const { return launch.node; }
  LoopCounters& counters() { return pages.status->counters; }
  Bell& bell_of(std::uint32_t index) { return pages.bells->bells[index]; }

  Result<void> make_inputs(port::Participant& participant);
  Result<void> make_estop(port::Participant& participant, std::size_t index);
  Result<void> make_outputs(port::Participant& participant);
  void choose_triggers();
  void restore();

  enum class Verdict { go, stale, disarmed, waiting, stop };
  Verdict judge(std::int64_t now) noexcept;
  // One release whose verdict is not to stop.
  Did carry_out(Verdict verdict, const Release& release, Loop& loop) noexcept;
  // What becomes of `verdict` in an actuator: armed, disarmed, or gone safe for good.
  Verdict arm(Verdict verdict, std::int64_t now) noexcept;
  // The same for the emergency stop, before anything else is looked at.
  Verdict obey_estop(Verdict verdict, std::int64_t now) noexcept;
  void trip(TripCause cause) noexcept;
  // While the graph stops, ages say nothing about it any more.
  bool records_ages() const noexcept {
    return pages.control == nullptr || pages.control->ending.load(std::memory_order_relaxed) == 0;
  }
  bool is_tripped() const noexcept { return tripped != 0 && tripped == armed; }
  bool supervisor_stalled(std::int64_t now) const noexcept;
  void look_at_injections() noexcept;
  bool collect_inputs(std::int64_t now) noexcept;
  std::int64_t next_arrival(std::int64_t now) const noexcept;  // Of what is delayed.
  void apply_forces(std::int64_t now) noexcept;  // To what a step has staged.
  bool commit(std::int64_t release) noexcept;    // False: an output was refused.
  void be_safe(const Cycle& cycle) noexcept;
  void send_safe(std::int64_t now) noexcept;
  void ring_all() noexcept;
  void give_credits() noexcept;
  void account(const Release& release, std::int64_t finish) noexcept;
  void show_state(NodeState state) noexcept {
    pages.status->state.store(static_cast<std::uint32_t>(state), std::memory_order_release);
  }
};

}  // namespace takt::loop
