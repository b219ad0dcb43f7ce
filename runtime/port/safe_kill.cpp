#include <cerrno>
#include <csignal>

#include <sys/wait.h>

#include <takt/port/safe_kill.hpp>
#include <takt/time/clock.hpp>

namespace takt::port {
namespace {

constexpr std::chrono::microseconds kLook{50};

enum class Seen { running, stopped, ended };

// WNOWAIT: the end stays for whoever reaps it, the stop is looked at as often as we like.
Seen look_at(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid == 0) {
    return Seen::running;
  }
  return info.si_code == CLD_STOPPED || info.si_code == CLD_TRAPPED ? Seen::stopped : Seen::ended;
}

Seen wait_for_stop(pid_t pid, std::chrono::nanoseconds until) {
  MonotonicClock clock;
  Seen seen = look_at(pid);
  while (seen == Seen::running && clock.now() < until) {
    clock.wait_until(clock.now() + kLook);
    seen = look_at(pid);
  }
  return seen;
}

}  // namespace

Result<SafeKill> kill_outside(const os::Child& child, const std::atomic<std::uint32_t>& inside,
                              std::chrono::milliseconds limit) {
  MonotonicClock clock;
  const std::chrono::nanoseconds until = clock.now() + limit;
  SafeKill how = SafeKill::inside;
  do {
    if (auto sent = os::send_signal(child, SIGSTOP); !sent) return sent.error();
    const Seen seen = wait_for_stop(child.pid(), until);
    if (seen == Seen::ended) return SafeKill::ended;
    if (seen == Seen::stopped && inside.load(std::memory_order_acquire) == 0) {
      how = SafeKill::outside;
      break;
    }
    // Consumes the stop, so that the next look sees the next one.
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WSTOPPED | WNOHANG);
    if (auto sent = os::send_signal(child, SIGCONT); !sent) return sent.error();
    clock.wait_until(clock.now() + kLook);
  } while (clock.now() < until);
  if (auto sent = os::send_signal(child, SIGKILL); !sent) return sent.error();
  // Who is starved by another process does not even die before that one lets go.
  const std::chrono::nanoseconds patience = clock.now() + limit;
  while (look_at(child.pid()) != Seen::ended && clock.now() < patience) {
    clock.wait_until(clock.now() + kLook);
  }
  return how;
}

}  // namespace takt::port
