#include <cerrno>
#include <cstring>

#include <unistd.h>

#include <takt/bus/serial.hpp>
#include <takt/os/futex.hpp>

#include "platform/bus/line_keeper.hpp"

namespace takt::bus {
namespace {

// What the system says of a line that is gone; a driver has its own word for it.
bool is_gone(int errno_value) {
  return errno_value == EIO || errno_value == ENXIO || errno_value == ENODEV;
}

}  // namespace

void LineKeeper::change() noexcept {
  // release: what was stored before is seen by a thread that sees the change.
  changes_.fetch_add(1, std::memory_order_release);
  os::futex_wake(changes_, 1);
}

void LineKeeper::replace(int line) noexcept {
  broken_.store(line, std::memory_order_release);
  change();
}

bool SerialChannel::renew() noexcept {
  if (line_ || keeper_ == nullptr) return false;
  const int fresh = keeper_->take();
  if (fresh < 0) return false;
  line_ = os::UniqueFd(fresh);
  decoder_.restart();
  waiting_ = {};
  return true;
}

void SerialChannel::hang_up(int errno_value) noexcept {
  hang_up_errno_ = errno_value;
  if (keeper_ == nullptr) return line_.reset();
  keeper_->replace(line_.release());
}

int SerialChannel::send(std::span<const std::byte> datagram) noexcept {
  renew();
  if (!line_) return hang_up_errno_;
  const std::size_t size = encode_frame(datagram, frame_);
  const ssize_t written = ::write(line_.get(), frame_.data(), size);
  if (written < 0) {
    const int why = errno;
    if (is_gone(why)) hang_up(why);
    return why;
  }
  return static_cast<std::size_t>(written) == size ? 0 : ENOBUFS;
}

bool SerialChannel::fill() noexcept {
  if (!line_) return false;
  const ssize_t size = ::read(line_.get(), memory_.data(), memory_.size());
  if (size > 0) {
    waiting_ = std::span<const std::byte>(memory_).first(static_cast<std::size_t>(size));
    return true;
  }
  // The end of the file is a hang-up: with a minimum of one character "nothing there" is EAGAIN.
  if (size == 0 || is_gone(errno)) hang_up(size == 0 ? EIO : errno);
  return false;
}

std::ptrdiff_t SerialChannel::receive(std::span<std::byte> memory) noexcept {
  renew();
  for (int reads = 0;;) {
    const FrameDecoder::Found found = decoder_.take(waiting_);
    if (found == FrameDecoder::Found::bad) return 0;  // As an empty one: dropped, and counted.
    if (found == FrameDecoder::Found::frame) {
      const auto datagram = decoder_.datagram();
      if (datagram.size() <= memory.size()) {
        std::memcpy(memory.data(), datagram.data(), datagram.size());
      }
      return static_cast<std::ptrdiff_t>(datagram.size());
    }
    if (reads++ == kReadsMax || !fill()) return -1;
  }
}

}  // namespace takt::bus
