#include "runtime/loop/process/guard.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <takt/time/clock.hpp>

namespace takt::loop {
namespace {

// The loop looks at the control page at least every 500 ms; 300 ms more for its last step.
constexpr std::chrono::milliseconds kGraceAfterLoss{800};
constexpr int kExitOrphaned = 75;

std::atomic<bool> outlives_supervisor{false};

void watch(int wire_fd) {
  // No events asked for: only the hang-up wakes.
  pollfd wire{wire_fd, 0, 0};
  while (::poll(&wire, 1, -1) < 0 && errno == EINTR) {
  }
  if (outlives_supervisor.load(std::memory_order_acquire)) return;
  MonotonicClock clock;
  clock.wait_until(clock.now() + kGraceAfterLoss);
  ::_exit(kExitOrphaned);
}

}  // namespace

void start_guard(int wire_fd) {
  std::thread guard(watch, wire_fd);
  ::pthread_setname_np(guard.native_handle(), "takt-guard");
  guard.detach();
}

void outlive_supervisor() { outlives_supervisor.store(true, std::memory_order_release); }

}  // namespace takt::loop
