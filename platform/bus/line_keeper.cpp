#include "platform/bus/line_keeper.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

#include <termios.h>

#include <takt/os/futex.hpp>
#include <takt/time/clock.hpp>

namespace takt::bus {
namespace {

// Before the first attempt, too: a line that hangs up as soon as it is open is not opened at the
// rate of the loop.
constexpr std::chrono::milliseconds kPauseBeforeAttempt{100};
// Locked into memory with the rest of the process, so no larger than texts of errors need.
constexpr std::size_t kKeeperStackBytes = std::size_t{256} << 10;

}  // namespace

Result<std::unique_ptr<LineKeeper>> LineKeeper::start(const SerialOptions& options) {
  std::unique_ptr<LineKeeper> keeper(new LineKeeper(options));
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kKeeperStackBytes);
  const auto body = [](void* self) -> void* {
    static_cast<LineKeeper*>(self)->run();
    return nullptr;
  };
  const int failed = ::pthread_create(&keeper->thread_, &attributes, body, keeper.get());
  ::pthread_attr_destroy(&attributes);
  if (failed != 0) {
    keeper->thread_ = {};
    return system_error("start the thread that opens a serial line anew", failed, "", "");
  }
  ::pthread_setname_np(keeper->thread_, "takt-line");
  return keeper;
}

LineKeeper::~LineKeeper() {
  if (thread_ == pthread_t{}) return;
  ends_.store(true, std::memory_order_release);
  change();
  ::pthread_join(thread_, nullptr);
  os::UniqueFd(fresh_.load()).reset();
  os::UniqueFd(broken_.load()).reset();
}

bool LineKeeper::ends_within_pause() {
  const auto until = MonotonicClock().now() + kPauseBeforeAttempt;
  while (!ends_.load(std::memory_order_acquire)) {
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    if (ends_.load(std::memory_order_acquire)) return true;
    if (os::futex_wait(changes_, seen, until) == os::WaitResult::timed_out) return false;
  }
  return true;
}

void LineKeeper::run() {
  while (!ends_.load(std::memory_order_acquire)) {
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    os::UniqueFd broken(broken_.exchange(-1, std::memory_order_acq_rel));
    if (!broken) {
      if (!ends_.load(std::memory_order_acquire)) os::futex_wait(changes_, seen, std::nullopt);
      continue;
    }
    // What nobody will read must not be waited for.
    ::tcflush(broken.get(), TCOFLUSH);
    broken.reset();
    while (!ends_within_pause()) {
      auto line = open_line(options_);
      if (!line) continue;
      fresh_.store(line->release(), std::memory_order_release);
      break;
    }
  }
}

}  // namespace takt::bus
