// The service manager that started this program (systemd, or what speaks its protocol of readiness:
// sd_notify(3)), told of readiness, life and the end.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Thread safety: one thread. Real time: no; it never waits. Lifetime: independent.
class ServiceManager {
 public:
  // Nobody listens: everything below does nothing.
  ServiceManager() = default;

  // The one that NOTIFY_SOCKET names; to be asked before the process changes its mounts. Nobody
  // when it is not set. Errors: it is set and nobody listens there.
  static Result<ServiceManager> from_environment();

  void ready() { say("READY=1"); }
  void alive() { say("WATCHDOG=1"); }
  void stopping() { say("STOPPING=1"); }

  // How long `alive` may be missing before this process is ended; nothing: it is not watched.
  std::optional<std::chrono::nanoseconds> watchdog() const { return watchdog_; }

 private:
  void say(std::string_view text);
  UniqueFd socket_;
  std::optional<std::chrono::nanoseconds> watchdog_;
};

}  // namespace takt::os
