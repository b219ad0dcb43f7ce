#include "runtime/loop/process/real_time.hpp"

#include <takt/base/text.hpp>
#include <takt/os/denormals.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>

namespace takt::loop {
namespace {

// What one step and the runtime under it may use of the stack without a page fault.
constexpr std::size_t kStackBytes = std::size_t{256} * 1024;

os::SchedulingClass class_of(Policy policy) {
  switch (policy) {
    case Policy::fifo:
      return os::SchedulingClass::fifo;
    case Policy::round_robin:
      return os::SchedulingClass::round_robin;
    case Policy::other:
      return os::SchedulingClass::other;
  }
  return os::SchedulingClass::other;
}

std::string text_of(const os::Schedule& schedule) {
  if (schedule.policy == os::SchedulingClass::other) return std::string(to_text(schedule.policy));
  return format("{} {}", to_text(schedule.policy), schedule.priority);
}

std::string text_of(const std::vector<int>& cpus) { return format("{}", fmt::join(cpus, ",")); }

}  // namespace

Applied take_real_time(const RealTimeConfig& wanted) {
  Applied applied;
  const auto refuse = [&](std::string setting, std::string wish, std::string got,
                          const Error& error) {
    applied.refused.push_back(
        {std::move(setting), std::move(wish), std::move(got), error.errno_value, error.fix});
  };
  os::flush_denormals_to_zero();
  if (wanted.lock_memory) {
    os::prefault_stack(kStackBytes);
    if (auto locked = os::lock_memory(); !locked) {
      refuse("memory lock", "locked", "not locked", locked.error());
    }
  }
  applied.memory_locked = os::memory_is_locked();

  Error affinity_error, policy_error;
  if (!wanted.cpus.empty()) {
    if (auto placed = os::set_affinity(0, wanted.cpus); !placed) affinity_error = placed.error();
  }
  const os::Schedule wish{class_of(wanted.policy),
                          wanted.policy == Policy::other ? 0 : wanted.priority, wanted.cpus};
  if (wanted.policy != Policy::other) {
    if (auto set = os::set_policy(0, wish.policy, wish.priority); !set) policy_error = set.error();
  }
  // The system's word, not ours: what is shown and judged is what was read back.
  auto got = os::read_schedule(0);
  if (!got) {
    refuse("policy", text_of(wish), "unknown", got.error());
    return applied;
  }
  applied.policy = to_text(got->policy);
  applied.priority = got->priority;
  applied.cpus = got->cpus;
  if (got->policy != wish.policy || got->priority != wish.priority) {
    refuse("policy", text_of(wish), text_of(*got), policy_error);
  }
  if (!wanted.cpus.empty() && got->cpus != wanted.cpus) {
    refuse("cpus", text_of(wanted.cpus), text_of(got->cpus), affinity_error);
  }
  return applied;
}

}  // namespace takt::loop
