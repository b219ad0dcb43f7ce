// Whether an actuator may act, and what it does while it may not.
#include <algorithm>

#include "runtime/loop/state.hpp"

namespace takt::loop {

bool Loop::State::supervisor_stalled(std::int64_t now) const noexcept {
  const SafetyConfig& safety = config().safety;
  if (safety.on_supervisor_loss != OnSupervisorLoss::safe) return false;
  if (pages.control == nullptr || safety.supervisor_timeout.count() == 0) return false;
  const std::int64_t last = pages.control->heartbeat_ns.load(std::memory_order_relaxed);
  return last != 0 && now - last > safety.supervisor_timeout.count();
}

void Loop::State::trip(TripCause cause) noexcept {
  if (is_tripped()) return;
  tripped = armed;
  pages.status->trip_cause.store(static_cast<std::uint32_t>(cause), std::memory_order_relaxed);
  pages.status->tripped.store(tripped, std::memory_order_release);
}

Loop::State::Verdict Loop::State::obey_estop(Verdict verdict, std::int64_t now) noexcept {
  if (!estop) return verdict;
  const EstopInput::Found found = estop->judge(now, records_ages());
  const auto shown = found == EstopInput::Found::released  ? EstopState::released
                     : found == EstopInput::Found::pressed ? EstopState::pressed
                                                           : EstopState::silent;
  pages.status->estop.store(static_cast<std::uint32_t>(shown), std::memory_order_relaxed);
  if (found == EstopInput::Found::released) return verdict;
  // Until it was heard for the first time nothing moves, but nothing was stopped either: a graph
  // that starts armed goes on when the first sample says that it is released.
  if (found != EstopInput::Found::unknown && armed != 0) trip(TripCause::estop);
  return verdict == Verdict::stop ? verdict : Verdict::stale;
}

Loop::State::Verdict Loop::State::arm(Verdict verdict, std::int64_t now) noexcept {
  if (pages.control != nullptr) armed = pages.control->armed.load(std::memory_order_acquire);
  if (finishing && verdict == Verdict::stale) return Verdict::stop;
  // `on_miss: safe` holds in every node; the rest is about what moves.
  if (!config().actuator) return is_tripped() && verdict == Verdict::go ? Verdict::stale : verdict;
  const bool fresh = verdict != Verdict::stale && !supervisor_stalled(now);
  verdict = obey_estop(verdict, now);
  if (supervisor_stalled(now)) verdict = verdict == Verdict::stop ? verdict : Verdict::stale;
  pages.status->can_act.store(verdict == Verdict::go ? 1 : 0, std::memory_order_relaxed);
  if (verdict == Verdict::stop) return verdict;
  if (armed == 0) return Verdict::disarmed;
  if (!fresh && !config().safety.rearm_automatically) {
    trip(supervisor_stalled(now) ? TripCause::supervisor_stalled : TripCause::stale_input);
  }
  return is_tripped() ? Verdict::stale : verdict;
}

// A node has its own say in how it becomes safe once it has acted; before that, and nobody may ever
// have armed it, the graph alone has.
void Loop::State::be_safe(const Cycle& cycle) noexcept {
  if (config().actuator && has_acted) return node->safe_step(cycle);
  node->stale(cycle);
  for (const auto& output : outputs) {
    if (output->has_safe()) output->discard();
  }
}

// A safe value follows from no measurement: its origin is the decision to be safe. It also takes
// the place of what a node's `stale` published when that is refused.
void Loop::State::send_safe(std::int64_t now) noexcept {
  for (const auto& output : outputs) {
    output->stage_safe(now);
    if (output->commit(now, now) != OutputSlot::Sent::refused) continue;
    node->reset();
    output->stage_safe(now);
    output->commit(now, now);
  }
}

bool Loop::is_on_safe_course() const noexcept {
  return std::any_of(state_->outputs.begin(), state_->outputs.end(),
                     [](const auto& output) { return output->is_on_safe_course(); });
}

bool Loop::must_act() const noexcept {
  const State& s = *state_;
  if (!s.config().actuator) return false;
  if (s.estop && s.estop->has_news()) return true;
  return s.pages.control != nullptr &&
         s.pages.control->armed.load(std::memory_order_acquire) != s.armed;
}

void Loop::obey(std::int64_t now) noexcept {
  State& s = *state_;
  const auto verdict = s.arm(s.judge(now), now);
  if (verdict == State::Verdict::stop) {
    end(s.finishing ? StopReason::supervisor_lost : StopReason::stale_input);
  } else if (verdict == State::Verdict::stale || verdict == State::Verdict::disarmed) {
    s.carry_out(verdict, {now, now, 0}, *this);
  }
}

}  // namespace takt::loop
