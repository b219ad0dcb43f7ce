#include <algorithm>
#include <limits>

#include <takt/loop/loop.hpp>

#include "runtime/loop/state.hpp"

namespace takt::loop {
namespace {

using std::chrono::nanoseconds;
using Stamp = std::int64_t;

// How often an output on its way to its safe value is driven where nothing gives a period.
constexpr Stamp kCourseStep = 10'000'000;

bool any_new(const std::vector<InputSlot*>& triggers) noexcept {
  return std::any_of(triggers.begin(), triggers.end(), [](auto* t) { return t->is_new(); });
}
bool all_new(const std::vector<InputSlot*>& triggers) noexcept {
  return std::all_of(triggers.begin(), triggers.end(), [](auto* t) { return t->is_new(); });
}

// Passes over every sample that is older than the newest by more than `within`; true when one was.
bool pass_over_unmatched(const std::vector<InputSlot*>& triggers, Stamp within,
                         std::atomic<std::uint64_t>& unmatched) noexcept {
  Stamp newest = 0;
  for (const auto* t : triggers) newest = std::max(newest, t->header().publish_ns);
  bool passed = false;
  for (auto* t : triggers) {
    if (newest - t->header().publish_ns <= within) continue;
    t->pass_over();
    bump(unmatched);
    passed = true;
  }
  return passed;
}

}  // namespace

bool Loop::collect() noexcept {
  State& s = *state_;
  s.look_at_injections();
  const Stamp now = s.is_injected ? s.clock.now().count() : 0;
  if (s.estop) s.estop->collect(now);
  const bool triggered = s.collect_inputs(now);
  // What is withheld releases no step, which else would give its credit back.
  if (s.is_injected && !triggered) s.give_credits();
  return triggered;
}

bool Loop::State::collect_inputs(Stamp now) noexcept {
  const TriggerConfig& trigger = config().trigger;
  for (;;) {
    for (const auto& input : inputs) {
      input->collect(now);
      if (input->has_fallbacks()) input->choose(clock.now().count());
    }
    if (trigger.kind != TriggerKind::on_all) return any_new(triggers);
    if (!all_new(triggers)) return false;
    if (trigger.within.count() == 0) return true;
    if (!pass_over_unmatched(triggers, trigger.within.count(), counters().unmatched)) {
      return true;
    }
  }
}

bool Loop::has_credits() const noexcept {
  return std::all_of(state_->outputs.begin(), state_->outputs.end(),
                     [](const auto& output) { return output->has_credit(); });
}

Loop::State::Verdict Loop::State::judge(Stamp now) noexcept {
  auto verdict = Verdict::go;
  for (const auto& input : inputs) {
    const auto found = input->judge(now, records_ages());
    if (found == InputSlot::Verdict::stale) {
      const OnStale policy = input->config().on_stale;
      if (policy == OnStale::stop) return Verdict::stop;
      if (policy == OnStale::safe) verdict = Verdict::stale;
    }
    const bool blind =
        !input->config().optional && !input->has_sample() && input->config().initial.empty();
    if (blind && verdict == Verdict::go) verdict = Verdict::waiting;
  }
  return verdict;
}

bool Loop::State::commit(Stamp release) noexcept {
  const Stamp now = clock.now().count();
  bool clean = true;
  apply_forces(now);
  for (const auto& output : outputs) {
    Stamp origin = 0;
    if (output->config().origin == Origin::now) origin = release;
    if (output->config().origin == Origin::inherit && origin_input != nullptr) {
      origin = origin_input->header().origin_ns;
    }
    if (output->commit_step(now, origin) == OutputSlot::Sent::refused) clean = false;
  }
  has_acted = true;
  return clean;
}

void Loop::State::ring_all() noexcept {
  for (const auto& output : outputs) {
    for (Bell* bell : output->bells()) ring(*bell);
  }
}

void Loop::State::give_credits() noexcept {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i]->took_credit()) ring(*writers_with_credits[i]);
  }
}

void Loop::State::account(const Release& release, Stamp finish) noexcept {
  const NodeConfig& c = config();
  pages.status->wake.add(release.start - release.time);
  pages.status->step.add(finish - release.start);
  bump(counters().cycles);
  const Stamp period = c.period.count();
  if (period > 0 && finish > release.time + period) bump(counters().overruns);
  if (c.deadline.count() > 0) {
    const bool missed = finish > release.time + c.deadline.count();
    if (missed) bump(counters().misses);
    if (misses.add(missed)) {
      if (c.on_miss == OnMiss::safe) trip(TripCause::misses);
      if (c.on_miss == OnMiss::stop) reason = StopReason::missed;
    }
  }
}

Loop::Did Loop::run(const Release& release) noexcept {
  State& s = *state_;
  const auto verdict = s.arm(s.judge(release.start), release.start);
  if (verdict == State::Verdict::stop) {
    end(s.finishing ? StopReason::supervisor_lost : StopReason::stale_input);
    return Did::ended;
  }
  return s.carry_out(verdict, release, *this);
}

Loop::Did Loop::State::carry_out(Verdict verdict, const Release& release, Loop& loop) noexcept {
  Cycle cycle{nanoseconds(release.time - grid_zero),
              nanoseconds(release.start - grid_zero),
              nanoseconds(first ? 0 : release.time - last_release),
              config().period,
              counters().cycles.load(std::memory_order_relaxed),
              release.skipped};
  PortAccess::set_time(logger, release.start);
  pages.status->busy_since.store(release.start, std::memory_order_relaxed);
  StepResult result = StepResult::ok;
  if (verdict == Verdict::go) {
    result = node->step(cycle);
    if (result == StepResult::failed) {
      // A node that cannot go on is not trusted with what it was about to say.
      for (const auto& output : outputs) output->discard();
    } else if (!commit(release.time)) {
      node->reset();
    } else if (pages.snapshot != nullptr) {
      pages.snapshot->write(PortAccess::state(*node));
    }
    show_state(NodeState::running);
  } else if (verdict == Verdict::stale || verdict == Verdict::disarmed) {
    bump(verdict == Verdict::stale ? counters().stale_steps : counters().disarmed);
    be_safe(cycle);
    send_safe(release.start);
    show_state(NodeState::safe);
  } else {
    bump(counters().waiting);
  }
  const Stamp finish = clock.now().count();
  ring_all();
  for (const auto& input : inputs) input->consume();
  give_credits();
  if (verdict != Verdict::waiting) {
    first = false;
    last_release = release.time;
  }
  if (release.skipped > 0) bump(counters().skipped, release.skipped);
  pages.status->heartbeat.store(finish, std::memory_order_relaxed);
  pages.status->busy_since.store(0, std::memory_order_relaxed);
  if (verdict == Verdict::go) account(release, finish);
  if (result != StepResult::ok) {
    loop.end(result == StepResult::done ? StopReason::done : StopReason::step_failed);
  } else if (reason != StopReason::none) {
    loop.end(reason);
  }
  if (has_ended) return Did::ended;
  return verdict == Verdict::go        ? Did::stepped
         : verdict == Verdict::waiting ? Did::waited
                                       : Did::went_stale;
}

Stamp Loop::trigger_stamp() const noexcept {
  Stamp newest = 0;
  for (const auto* t : state_->triggers) {
    if (t->is_new()) newest = std::max(newest, t->header().publish_ns);
  }
  return newest;
}

bool Loop::any_stale(Stamp now) noexcept {
  // At this instant, not at the one of `collect`: what a fallback can replace is not stale.
  for (const auto& input : state_->inputs) input->choose(now);
  if (state_->estop && state_->estop->too_old(now)) return true;
  return state_->is_tripped() ||
         std::any_of(state_->inputs.begin(), state_->inputs.end(),
                     [now](const auto& input) { return input->too_old(now); });
}

Stamp Loop::State::next_arrival(Stamp now) const noexcept {
  Stamp next = kInjectionForEver;
  for (const InputSlot* slot : slots) {
    if (slot != nullptr) next = std::min(next, slot->next_arrival(now));
  }
  return next;
}

Stamp Loop::next_look(Stamp now, Stamp last_wake) const noexcept {
  const Stamp period = state_->config().period.count();
  Stamp next = std::numeric_limits<Stamp>::max();
  const auto look_at = [&](const auto& input) {
    // One nanosecond after its expiry it is older than its limit.
    const Stamp pause = period > 0 ? period : input.limit();
    next = std::min(next, input.too_old(now) ? last_wake + pause : input.expiry() + 1);
  };
  for (const auto& input : state_->inputs) look_at(*input);
  if (state_->estop) look_at(*state_->estop);
  if (state_->is_injected) next = std::min(next, state_->next_arrival(now));
  if (is_on_safe_course()) next = std::min(next, last_wake + (period > 0 ? period : kCourseStep));
  return next;
}

void Loop::wait_until(Stamp instant) noexcept {
  if (TurnTaker* turns = state_->pages.turns) return turns->wait(instant);
  state_->clock.wait_until(nanoseconds(instant));
}

void Loop::wait_for_ring(std::uint32_t seen, Stamp deadline) noexcept {
  if (TurnTaker* turns = state_->pages.turns) return turns->wait_for_ring(bell(), seen, deadline);
  takt::wait_for_ring(bell(), seen, nanoseconds(deadline));
}

StopReason Loop::asked_to_end() noexcept {
  State& s = *state_;
  if (s.pages.control == nullptr) return StopReason::none;
  const auto command = static_cast<Command>(
      s.pages.control->commands[s.launch.index].load(std::memory_order_relaxed));
  if (command == Command::stop) return StopReason::command;
  if (!s.pages.control->supervisor.owner_died()) return StopReason::none;
  switch (s.config().safety.on_supervisor_loss) {
    case OnSupervisorLoss::safe:
      return StopReason::supervisor_lost;
    case OnSupervisorLoss::finish:
      s.finishing = true;
      break;
    case OnSupervisorLoss::go_on:
      break;
  }
  return StopReason::none;
}

void Loop::end(StopReason reason) noexcept {
  State& s = *state_;
  if (s.has_ended) return;
  s.has_ended = true;
  s.reason = reason;
  for (const auto& output : s.outputs) output->cut_safe_course_short();
  s.send_safe(s.clock.now().count());
  s.ring_all();
  const bool failed = reason == StopReason::step_failed || reason == StopReason::stale_input ||
                      reason == StopReason::missed;
  s.pages.status->reason.store(static_cast<std::uint32_t>(reason), std::memory_order_relaxed);
  s.show_state(failed ? NodeState::failed : NodeState::stopped);
}

bool Loop::ended() const noexcept { return state_->has_ended; }
StopReason Loop::reason() const noexcept { return state_->reason; }
const NodeConfig& Loop::config() const noexcept { return state_->config(); }
Bell& Loop::bell() noexcept { return state_->bell_of(state_->launch.index); }
Clock& Loop::clock() noexcept { return state_->clock; }
std::int64_t Loop::grid_zero() const noexcept { return state_->grid_zero; }
bool Loop::joins_late() const noexcept { return state_->launch.incarnation > 1; }
Node& Loop::node() noexcept { return *state_->node; }

}  // namespace takt::loop
