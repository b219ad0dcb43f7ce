#include "platform/bus/line_keeper.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <takt/os/futex.hpp>

namespace takt::bus {
namespace {

// Before the first attempt, too: a line that hangs up as soon as it is open is not opened at the
// rate of the loop.
constexpr int kPauseBeforeAttemptMs = 100;
// While the loop takes nothing and the ring is full.
constexpr int kPauseWithoutRoomMs = 10;
// Locked into memory with the rest of the process, so no larger than texts of errors need.
constexpr std::size_t kKeeperStackBytes = std::size_t{256} << 10;

}  // namespace

LineKeeper::LineKeeper(int line, bool reads, std::optional<SerialOptions> options)
    : options_(std::move(options)),
      reads_(reads),
      line_(line),
      end_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<std::unique_ptr<LineKeeper>> LineKeeper::start(int line, bool reads,
                                                      std::optional<SerialOptions> options) {
  std::unique_ptr<LineKeeper> keeper(new LineKeeper(line, reads, std::move(options)));
  if (!keeper->end_) return system_error("make an eventfd", errno, "", "");
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
    return system_error("start the thread that reads a serial line", failed, "", "");
  }
  ::pthread_setname_np(keeper->thread_, "takt-line");
  return keeper;
}

LineKeeper::~LineKeeper() {
  if (thread_ == pthread_t{}) return;
  ends_.store(true, std::memory_order_release);
  ::eventfd_write(end_.get(), 1);
  change();
  ::pthread_join(thread_, nullptr);
  os::UniqueFd(fresh_.load()).reset();
  os::UniqueFd(broken_.load()).reset();
}

bool LineKeeper::ends_within(int milliseconds) {
  pollfd end{end_.get(), POLLIN, 0};
  ::poll(&end, 1, milliseconds);
  return ends_.load(std::memory_order_acquire);
}

bool LineKeeper::waits_for(const std::atomic<int>& word, bool until_set) {
  while (!ends_.load(std::memory_order_acquire)) {
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    if ((word.load(std::memory_order_acquire) >= 0) == until_set) return true;
    if (!ends_.load(std::memory_order_acquire)) os::futex_wait(changes_, seen, std::nullopt);
  }
  return false;
}

// False when the line is gone.
bool LineKeeper::move_into_ring() {
  const std::uint64_t written = written_.load(std::memory_order_relaxed);
  const std::uint64_t used = written - read_.load(std::memory_order_acquire);
  const auto at = static_cast<std::size_t>(written % kRingBytes);
  const std::size_t room = std::min(kRingBytes - static_cast<std::size_t>(used), kRingBytes - at);
  if (room == 0) {
    ends_within(kPauseWithoutRoomMs);
    return true;
  }
  const ssize_t size = ::read(line_, ring_.data() + at, room);
  if (size > 0) {
    written_.store(written + static_cast<std::uint64_t>(size), std::memory_order_release);
    return true;
  }
  // The end of the file is a hang-up: with a minimum of one character "nothing there" is EAGAIN.
  return size < 0 && (errno == EAGAIN || errno == EINTR);
}

void LineKeeper::read_until_hang_up() {
  while (!ends_.load(std::memory_order_acquire)) {
    std::array<pollfd, 2> both{
        {{line_, reads_ ? short{POLLIN} : short{0}, 0}, {end_.get(), POLLIN, 0}}};
    if (::poll(both.data(), both.size(), -1) < 0) continue;
    const bool has_come = (both[0].revents & POLLIN) != 0;
    if (has_come && move_into_ring()) continue;
    if (has_come || (both[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) break;
  }
  hung_up_.store(true, std::memory_order_release);
}

// False at the end.
bool LineKeeper::renew() {
  if (!waits_for(broken_, true)) return false;
  os::UniqueFd broken(broken_.exchange(-1, std::memory_order_acq_rel));
  // What nobody will read must not be waited for.
  ::tcflush(broken.get(), TCOFLUSH);
  broken.reset();
  while (options_ && !ends_within(kPauseBeforeAttemptMs)) {
    auto line = open_line(*options_);
    if (!line) continue;
    line_ = line->get();
    hung_up_.store(false, std::memory_order_relaxed);
    fresh_.store(line->release(), std::memory_order_release);
    // Nothing is read from it before the loop has forgotten what came from the old one.
    return waits_for(fresh_, false);
  }
  return false;
}

void LineKeeper::run() {
  do {
    read_until_hang_up();
  } while (renew());
}

}  // namespace takt::bus
