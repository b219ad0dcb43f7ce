#include "runtime/loop/process/guard.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include <takt/time/clock.hpp>

namespace takt::loop {
namespace {

// The loop looks at the control page at least every 500 ms; 300 ms more for its last step.
constexpr std::chrono::milliseconds kGraceAfterLoss{800};
constexpr int kExitOrphaned = 75;

void watch(int wire_fd) {
  // No events asked for: only the hang-up wakes.
  pollfd wire{wire_fd, 0, 0};
  while (::poll(&wire, 1, -1) < 0 && errno == EINTR) {
  }
  MonotonicClock clock;
  clock.wait_until(clock.now() + kGraceAfterLoss);
  ::_exit(kExitOrphaned);
}

}  // namespace

void start_guard(int wire_fd) { std::thread(watch, wire_fd).detach(); }

}  // namespace takt::loop
