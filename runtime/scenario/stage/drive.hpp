// What a scenario drives its inputs with, as a signal, and when its conditions fire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/scenario/spec.hpp"
#include "runtime/scenario/trace.hpp"

namespace takt::scenario {

// The value of an input's field at `t` under the injections so far; none: nobody drives it.
std::optional<double> driven_value(const std::vector<Injection>& injections,
                                   const InputTarget& target, nanoseconds t);

// As its reader reads it: at every point of the reader's grid up to `end`, and where it jumps.
SignalTrace driven_signal(const std::vector<Injection>& injections, const SignalSpec& signal,
                          nanoseconds end);

// Watches one trigger while the run goes on.
//
// Thread safety: one thread. Real time: no. Lifetime: not beyond its trigger.
class TriggerWatch {
 public:
  explicit TriggerWatch(const TriggerSpec& trigger) : trigger_(trigger) {}

  // The values at an instant; every signal of the condition is defined. When it fires, the time at
  // which it does, with its delay. Once.
  std::optional<nanoseconds> look(nanoseconds t, const Instant& instant);
  std::optional<nanoseconds> note(const EventRecord& event);
  const TriggerSpec& trigger() const { return trigger_; }
  bool has_fired() const { return fired_; }

 private:
  const TriggerSpec& trigger_;
  bool was_true_ = false;
  bool first_ = true;
  bool fired_ = false;
  std::optional<nanoseconds> since_;
};

}  // namespace takt::scenario
