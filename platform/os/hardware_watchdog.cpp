#include <cerrno>

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/hardware_watchdog.hpp>

namespace takt::os {

Result<HardwareWatchdog> HardwareWatchdog::open(const std::string& path) {
  const std::string what = format("open the watchdog '{}'", path);
  // Opening a watchdog starts it, and opening something else may wait: looked at before.
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    return system_error(what, errno, "",
                        "`wdctl` lists those of this machine; `modprobe softdog` makes one");
  }
  if (!S_ISCHR(facts.st_mode)) {
    return fail(format("cannot {}: it is no device", what),
                "watchdogs are /dev/watchdog0 and so on");
  }
  UniqueFd device(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!device) {
    const bool busy = errno == EBUSY;
    return system_error(what, errno, busy ? "another program feeds it" : "",
                        busy ? "`RuntimeWatchdogSec=0` in /etc/systemd/system.conf takes it from "
                               "systemd; `fuser -v` tells who else has it"
                             : format("start as root, or by a udev rule: SUBSYSTEM==\"watchdog\", "
                                      "GROUP=\"takt\", MODE=\"0660\""));
  }
  HardwareWatchdog watchdog(path, std::move(device));
  int seconds = 0;
  watchdog_info info{};
  if (::ioctl(watchdog.device_.get(), WDIOC_GETTIMEOUT, &seconds) != 0 || seconds <= 0 ||
      ::ioctl(watchdog.device_.get(), WDIOC_GETSUPPORT, &info) != 0) {
    return fail(format("cannot {}: the device is no watchdog, or does not tell its time-out", what),
                "watchdogs are /dev/watchdog0 and so on");
  }
  watchdog.timeout_ = std::chrono::seconds(seconds);
  watchdog.closes_ = (info.options & WDIOF_MAGICCLOSE) != 0;
  return watchdog;
}

void HardwareWatchdog::feed() {
  if (!device_) return;
  [[maybe_unused]] const int fed = ::ioctl(device_.get(), WDIOC_KEEPALIVE, 0);
}

Result<void> HardwareWatchdog::release() {
  const std::string what = format("stop the watchdog '{}'", path_);
  const std::string consequence =
      format("it resets this machine in {} s unless somebody feeds it",
             std::chrono::duration_cast<std::chrono::seconds>(timeout_).count());
  if (!closes_) return fail(format("cannot {}: its driver cannot; {}", what, consequence));
  const bool written = ::write(device_.get(), "V", 1) == 1;
  const int refusal = errno;
  device_.reset();
  return written ? Result<void>() : system_error(what, refusal, consequence, "");
}

}  // namespace takt::os
