// What the kernel counts for the threads of any process of this user.
//
// Thread safety: every function may be called from any thread. Real time: no: they read /proc.
// Lifetime: nothing is held.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

namespace takt::os {

// Counted since the thread began.
struct ThreadCounts {
  std::string name;                       // At most 15 characters, as the thread has set it.
  std::int64_t page_faults = 0;           // Minor and major ones.
  std::int64_t involuntary_switches = 0;  // It could have run on, and was taken off its processor.
};

// Nothing when there is no such thread (any more).
std::optional<ThreadCounts> thread_counts(pid_t process, pid_t thread);

// Locked memory of a process in KiB (VmLck); 0 as well when there is no such process.
std::int64_t locked_kib(pid_t process);

}  // namespace takt::os
