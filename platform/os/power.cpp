#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/power.hpp>

namespace takt::os {

Result<UniqueFd> hold_processors_awake() {
  constexpr const char* kFile = "/dev/cpu_dma_latency";
  UniqueFd file(::open(kFile, O_WRONLY | O_CLOEXEC));
  const std::int32_t microseconds = 0;
  if (file && ::write(file.get(), &microseconds, sizeof microseconds) == sizeof microseconds) {
    return file;
  }
  return system_error(format("ask for wake-ups without delay in '{}'", kFile), errno,
                      "processors may sleep deeply and wake up late",
                      "start as root, or give the user the right to write to it by a udev rule");
}

Result<WakeLock> WakeLock::take(const std::string& name, const std::string& folder) {
  const std::string path = folder + "/wake_lock";
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file && ::write(file.get(), name.data(), name.size()) == std::ssize(name)) {
    return WakeLock(name, folder);
  }
  return system_error(format("keep the machine from suspending by '{}'", path), errno,
                      "a suspend stops the graph, which is then in its safe state",
                      "`systemctl mask sleep.target suspend.target hibernate.target`, or start it "
                      "under `systemd-inhibit --what=sleep:handle-lid-switch`");
}

WakeLock::~WakeLock() {
  if (name_.empty()) return;
  const UniqueFd file(::open((folder_ + "/wake_unlock").c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return;
  [[maybe_unused]] const ssize_t written = ::write(file.get(), name_.data(), name_.size());
}

Result<void> set_oom_score(int score) {
  constexpr const char* kFile = "/proc/self/oom_score_adj";
  const UniqueFd file(::open(kFile, O_WRONLY | O_CLOEXEC));
  const std::string text = format("{}", score);
  if (file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
    return {};
  }
  return system_error(format("write {} to '{}'", score, kFile), errno,
                      "when memory runs out the kernel may end a node before other programs",
                      "start as root, or grant CAP_SYS_RESOURCE");
}

}  // namespace takt::os
