// The emergency stop as one actuator's loop sees it.
#pragma once

#include <memory>

#include <takt/base/rt.hpp>
#include <takt/node/node.hpp>

#include "runtime/loop/input_slot.hpp"

namespace takt::loop {

// Looks at every sample, so that a press is seen however short it is; a sample that was lost may
// have been one and counts as it.
//
// Thread safety: the loop thread. Real time: as marked. Lifetime: its loop's.
class EstopInput {
 public:
  EstopInput(const EstopConfig& estop, const InputConfig& input,
             std::vector<std::unique_ptr<port::Reader>> readers, InputWiring wiring);

  void start(Stamp from, bool joins_late) noexcept { slot_.start(from, joins_late); }

  void make_room(bool scenario) { slot_.make_room(scenario); }
  InputSlot& slot() noexcept TAKT_RT { return slot_; }

  // Takes what has come.
  void collect(Stamp now) noexcept TAKT_RT;
  // A press has come that `judge` has not seen: the loop must act at once.
  bool has_news() const noexcept TAKT_RT { return was_pressed_; }

  // What `judge` found.
  enum class Found {
    released,
    unknown,  // Nothing has come yet, and it is not overdue: not released either.
    silent,   // Older than its limits.
    pressed,  // Now, or at some time since the last judgement.
  };
  Found judge(Stamp now, bool record) noexcept TAKT_RT;

  bool too_old(Stamp now) const noexcept TAKT_RT { return slot_.too_old(now); }
  Stamp expiry() const noexcept TAKT_RT { return slot_.expiry(); }
  Stamp limit() const noexcept TAKT_RT { return slot_.limit(); }

 private:
  // An input belongs to a node, and no node has declared this one.
  class Owner final : public Node {
    StepResult step(const Cycle&) noexcept TAKT_RT override { return StepResult::ok; }
  };
  class Port final : public InputBase {
   public:
    explicit Port(Node& owner) : InputBase(owner, kEstopInput, nullptr, {}) {}
    const void* data() const noexcept TAKT_RT { return view_.data; }
  };
  bool is_released(const void* sample) const noexcept TAKT_RT;

  Owner owner_;
  Port port_{owner_};
  EstopConfig estop_;
  InputCounters& counters_;
  InputSlot slot_;
  bool is_pressed_ = false;   // By the newest sample.
  bool was_pressed_ = false;  // By any since the last judgement.
};

}  // namespace takt::loop
