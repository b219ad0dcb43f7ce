#include <algorithm>
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

std::span<const std::byte> LineKeeper::arrived() const noexcept {
  const std::uint64_t read = read_.load(std::memory_order_relaxed);
  const auto size = static_cast<std::size_t>(written_.load(std::memory_order_acquire) - read);
  const auto at = static_cast<std::size_t>(read % kRingBytes);
  return std::span(ring_).subspan(at, std::min(size, kRingBytes - at));
}

void LineKeeper::consume(std::size_t size) noexcept {
  // release: the bytes were read before the thread may write over them.
  read_.store(read_.load(std::memory_order_relaxed) + size, std::memory_order_release);
}

void LineKeeper::change() noexcept {
  // release: what was stored before is seen by a thread that sees the change.
  changes_.fetch_add(1, std::memory_order_release);
  os::futex_wake(changes_, 1);
}

void LineKeeper::replace(int line) noexcept {
  broken_.store(line, std::memory_order_release);
  change();
}

int LineKeeper::take() noexcept {
  const int line = fresh_.load(std::memory_order_acquire);
  if (line < 0) return -1;
  // The thread does not write now: it waits for `fresh_` to be taken.
  read_.store(written_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  fresh_.store(-1, std::memory_order_release);
  change();
  return line;
}

bool SerialChannel::renew() noexcept {
  if (line_) return false;
  const int fresh = keeper_->take();
  if (fresh < 0) return false;
  line_ = os::UniqueFd(fresh);
  decoder_.restart();
  return true;
}

void SerialChannel::hang_up(int errno_value) noexcept {
  hang_up_errno_ = errno_value;
  keeper_->replace(line_.release());
}

int SerialChannel::send(std::span<const std::byte> datagram) noexcept {
  renew();
  if (line_ && keeper_->has_hung_up()) hang_up(EIO);
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

std::ptrdiff_t SerialChannel::receive(std::span<std::byte> memory) noexcept {
  renew();
  if (!line_) return -1;
  // Asked before: everything that came before it is then in the ring.
  const bool has_hung_up = keeper_->has_hung_up();
  for (int part = 0; part < 2; ++part) {  // The end of the ring, and its beginning.
    auto bytes = keeper_->arrived();
    const std::size_t before = bytes.size();
    const FrameDecoder::Found found = decoder_.take(bytes);
    keeper_->consume(before - bytes.size());
    if (found == FrameDecoder::Found::bad) return 0;  // As an empty one: dropped, and counted.
    if (found == FrameDecoder::Found::nothing) continue;
    const auto datagram = decoder_.datagram();
    if (datagram.size() <= memory.size()) {
      std::memcpy(memory.data(), datagram.data(), datagram.size());
    }
    return static_cast<std::ptrdiff_t>(datagram.size());
  }
  if (has_hung_up) hang_up(EIO);
  return -1;
}

}  // namespace takt::bus
