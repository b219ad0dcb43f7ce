// What keeps the machine ready: its processors awake, takt alive when memory runs out.
#pragma once

#include <string>
#include <utility>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Keeps every processor out of sleep states that take time to leave, for as long as the descriptor
// is open (the kernel's PM QoS request of 0 us on /dev/cpu_dma_latency). Costs power. Errors: the
// file belongs to root; not every kernel has it.
Result<UniqueFd> hold_processors_awake();

// Keeps a kernel that sleeps by itself when nobody needs it (autosleep, as on phones) from doing
// so, for as long as this lives. A suspend that somebody orders (`systemctl suspend`, a closed lid)
// goes on all the same: that is the service manager's to forbid.
//
// Thread safety: one thread. Real time: no. Lifetime: the lock is let go with it, and by the kernel
// only at the next boot when the process is killed.
class WakeLock {
 public:
  // `folder` is the kernel's, but in tests. Errors: this kernel has none; the right is missing.
  static Result<WakeLock> take(const std::string& name, const std::string& folder = "/sys/power");
  WakeLock(WakeLock&& other) noexcept
      : name_(std::exchange(other.name_, {})), folder_(std::move(other.folder_)) {}
  WakeLock& operator=(WakeLock&&) = delete;
  ~WakeLock();

 private:
  WakeLock(std::string name, std::string folder)
      : name_(std::move(name)), folder_(std::move(folder)) {}
  std::string name_;  // Empty: nothing is held.
  std::string folder_;
};

// How readily the kernel ends this process, and what it starts from now on, when memory runs out:
// -1000 (never) to 1000. Less than now needs CAP_SYS_RESOURCE.
Result<void> set_oom_score(int score);

}  // namespace takt::os
