// The scheduling class, the priority and the processors of a thread: set, and read back.
//
// Thread safety: every function may be called from any thread, for any thread of the machine.
// Real time: no; they are called while a thread is set up. Lifetime: nothing is held.
#pragma once

#include <string_view>
#include <vector>

#include <sys/types.h>

#include <takt/base/result.hpp>

namespace takt::os {

// `other` stands for every class that is not of real time: SCHED_OTHER, SCHED_BATCH, SCHED_IDLE.
enum class SchedulingClass { other, fifo, round_robin };

// "other", "fifo", "round_robin".
std::string_view to_text(SchedulingClass policy);

struct Schedule {
  SchedulingClass policy = SchedulingClass::other;
  int priority = 0;         // 1 to 99 for the real-time classes, 0 for `other`.
  std::vector<int> cpus{};  // Ascending.
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// Sets the class of thread `tid`, 0 for the caller. Threads and processes that it makes afterwards
// inherit the class. A refusal names the present limit and how to raise it.
Result<void> set_policy(pid_t tid, SchedulingClass policy, int priority);

// Binds thread `tid`, 0 for the caller, to `cpus`. The kernel silently drops processors that are
// offline or outside of the cpuset; that is an error here: either all of them hold or it says which
// do not.
Result<void> set_affinity(pid_t tid, const std::vector<int>& cpus);

// What the kernel holds for thread `tid`, 0 for the caller. SCHED_DEADLINE is an error: takt does
// not use it and has no name for it.
Result<Schedule> read_schedule(pid_t tid);

// The processors that this process may use, ascending: the mask of its main thread.
std::vector<int> allowed_cpus();

// The threads of process `pid`, ascending; empty when there is no such process.
std::vector<pid_t> threads_of(pid_t pid);

}  // namespace takt::os
