#include <takt/status/pages.hpp>

#include <takt/os/futex.hpp>

namespace takt {

std::string_view name_of(NodeState state) {
  switch (state) {
    case NodeState::configuring: return "configuring";
    case NodeState::ready: return "ready";
    case NodeState::running: return "running";
    case NodeState::safe: return "safe";
    case NodeState::stopped: return "stopped";
    case NodeState::failed: return "failed";
  }
  return "unknown";
}

std::string_view describe(StopReason reason) {
  switch (reason) {
    case StopReason::none: return "";
    case StopReason::command: return "it was told to stop";
    case StopReason::done: return "its step reported that it is done";
    case StopReason::step_failed: return "its step reported a failure";
    case StopReason::stale_input: return "an input with 'on_stale: stop' went stale";
    case StopReason::missed: return "it missed more deadlines than 'tolerate' allows";
    case StopReason::supervisor_lost: return "the supervisor died";
  }
  return "unknown";
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
