#include <cerrno>
#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

#include <takt/base/assert.hpp>
#include <takt/os/signals.hpp>

namespace takt::os {

void block_all_signals() {
  sigset_t blocked;
  ::sigfillset(&blocked);
  // A fault that is blocked where it happens ends the process without a handler having seen it.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigdelset(&blocked, fault);
  TAKT_ASSERT(::pthread_sigmask(SIG_SETMASK, &blocked, nullptr) == 0);
}

Result<UniqueFd> signal_fd(const std::vector<int>& signals) {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int signal : signals) TAKT_ASSERT(::sigaddset(&wanted, signal) == 0);
  TAKT_ASSERT(::pthread_sigmask(SIG_BLOCK, &wanted, nullptr) == 0);
  UniqueFd fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) {
    return system_error("open a descriptor for signals", errno, "the program could not be stopped",
                        "raise the limit of open files (`ulimit -n 4096`)");
  }
  return fd;
}

std::optional<int> read_signal(int fd) {
  signalfd_siginfo info{};
  for (;;) {
    const ssize_t n = ::read(fd, &info, sizeof info);
    if (n == static_cast<ssize_t>(sizeof info)) return static_cast<int>(info.ssi_signo);
    if (n < 0 && errno == EINTR) continue;
    TAKT_ASSERT(n < 0 && errno == EAGAIN);  // Anything else: not a descriptor of signal_fd.
    return std::nullopt;
  }
}

void ignore_broken_pipes() { TAKT_ASSERT(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR); }

}  // namespace takt::os
