#include <takt/os/futex.hpp>
#include <takt/status/pages.hpp>

namespace takt {

std::string_view name_of(NodeState state) {
  switch (state) {
    case NodeState::configuring:
      return "configuring";
    case NodeState::ready:
      return "ready";
    case NodeState::running:
      return "running";
    case NodeState::safe:
      return "safe";
    case NodeState::stopped:
      return "stopped";
    case NodeState::failed:
      return "failed";
  }
  return "unknown";
}

std::string_view name_of(EstopState state) {
  switch (state) {
    case EstopState::none:
      return "none";
    case EstopState::released:
      return "released";
    case EstopState::pressed:
      return "pressed";
    case EstopState::silent:
      return "silent";
  }
  return "unknown";
}

std::string_view describe(TripCause cause) {
  switch (cause) {
    case TripCause::none:
      return "";
    case TripCause::stale_input:
      return "an input went stale";
    case TripCause::misses:
      return "it missed more deadlines than 'tolerate' allows";
    case TripCause::supervisor_stalled:
      return "the supervisor stood still";
    case TripCause::estop:
      return "the emergency stop was pressed or went silent";
  }
  return "unknown";
}

std::string_view describe(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "";
    case StopReason::command:
      return "it was told to stop";
    case StopReason::done:
      return "its step reported that it is done";
    case StopReason::step_failed:
      return "its step reported a failure";
    case StopReason::stale_input:
      return "an input with 'on_stale: stop' went stale";
    case StopReason::missed:
      return "it missed more deadlines than 'tolerate' allows";
    case StopReason::supervisor_lost:
      return "the supervisor died";
  }
  return "unknown";
}

void add_counts(StatusPage& total, const StatusPage& page, std::size_t inputs,
                std::size_t outputs) noexcept {
  const auto add = [](std::atomic<std::uint64_t>& to, const std::atomic<std::uint64_t>& from) {
    bump(to, from.load(std::memory_order_relaxed));
  };
  LoopCounters& to = total.counters;
  const LoopCounters& from = page.counters;
  add(to.cycles, from.cycles);
  add(to.overruns, from.overruns);
  add(to.skipped, from.skipped);
  add(to.misses, from.misses);
  add(to.stale_steps, from.stale_steps);
  add(to.disarmed, from.disarmed);
  add(to.waiting, from.waiting);
  add(to.non_finite, from.non_finite);
  add(to.unmatched, from.unmatched);
  total.wake.add_all(page.wake);
  total.step.add_all(page.step);
  for (std::size_t i = 0; i < outputs && i < kPortsMax; ++i) {
    add(total.outputs[i].published, page.outputs[i].published);
    add(total.outputs[i].unsent, page.outputs[i].unsent);
  }
  for (std::size_t i = 0; i < inputs && i < kPortsMax; ++i) {
    add(total.inputs[i].taken, page.inputs[i].taken);
    add(total.inputs[i].lost, page.inputs[i].lost);
    add(total.inputs[i].stale, page.inputs[i].stale);
    add(total.inputs[i].switches, page.inputs[i].switches);
    add(total.inputs[i].injected, page.inputs[i].injected);
    total.inputs[i].undelayed.fetch_add(page.inputs[i].undelayed.load(std::memory_order_relaxed),
                                        std::memory_order_relaxed);
    total.inputs[i].source = page.inputs[i].source.load(std::memory_order_relaxed);
    total.inputs[i].age.add_all(page.inputs[i].age);
    total.inputs[i].data_age.add_all(page.inputs[i].data_age);
  }
}

void ring(Bell& bell) noexcept {
  bell.rings.fetch_add(1, std::memory_order_seq_cst);
  if (bell.sleeping.load(std::memory_order_seq_cst) != 0) os::futex_wake(bell.rings, 1);
}

void wait_for_ring(Bell& bell, std::uint32_t seen, std::chrono::nanoseconds deadline) noexcept {
  bell.sleeping.store(1, std::memory_order_seq_cst);
  if (bell.rings.load(std::memory_order_seq_cst) == seen) {
    static_cast<void>(os::futex_wait(bell.rings, seen, deadline));
  }
  bell.sleeping.store(0, std::memory_order_relaxed);
}

}  // namespace takt
