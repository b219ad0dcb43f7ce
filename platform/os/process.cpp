#include <cerrno>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/process.hpp>

#include "platform/os/timespec.hpp"

namespace takt::os {

std::string Ending::text() const {
  if (exited) return format("exited with status {}", status);
  if (signal == 0) return "ended; how is not known, somebody else waited for it";
  const char* const name = ::sigabbrev_np(signal);
  const char* const meaning = ::sigdescr_np(signal);
  if (name == nullptr || meaning == nullptr) return format("killed by signal {}", signal);
  return format("killed by SIG{} ({})", name, meaning);
}

std::optional<Ending> try_wait(Child& child, bool keep_zombie) {
  if (child.reaped_) return child.reaped_;
  TAKT_ASSERT(child.pidfd() >= 0);
  siginfo_t info{};
  int answer = 0;
  do {
    answer = ::waitid(P_PIDFD, static_cast<id_t>(child.pidfd()), &info,
                      WEXITED | WNOHANG | (keep_zombie ? WNOWAIT : 0));
  } while (answer != 0 && errno == EINTR);
  if (answer != 0) {
    TAKT_ASSERT(errno == ECHILD);
    child.reaped_ = Ending{};
    return child.reaped_;
  }
  if (info.si_pid == 0) return std::nullopt;
  Ending ending;
  ending.exited = info.si_code == CLD_EXITED;
  (ending.exited ? ending.status : ending.signal) = info.si_status;
  if (!keep_zombie) child.reaped_ = ending;
  return ending;
}

Result<void> send_signal(const Child& child, int signal) {
  // No wrapper: the header of glibc 2.36 does not declare it for C++.
  if (::syscall(SYS_pidfd_send_signal, child.pidfd(), signal, nullptr, 0) == 0) return {};
  return system_error(format("send signal {} to process {}", signal, child.pid()), errno,
                      errno == ESRCH ? "it has ended" : "",
                      errno == EPERM ? "it runs as another user" : "");
}

bool wait_readable(int fd, std::chrono::milliseconds timeout) {
  const auto deadline = monotonic_now() + timeout;
  for (;;) {
    pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
    const timespec left = to_timespec(deadline - monotonic_now());
    const int ready = ::ppoll(&watched, 1, &left, nullptr);
    if (ready >= 0) {
      TAKT_ASSERT((watched.revents & POLLNVAL) == 0);  // `fd` is not open.
      return ready > 0;
    }
    TAKT_ASSERT(errno == EINTR || errno == ENOMEM);
  }
}

}  // namespace takt::os
