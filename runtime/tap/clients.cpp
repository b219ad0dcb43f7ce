#include "runtime/tap/clients.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

#include <takt/os/local_socket.hpp>

namespace takt::tap {
namespace {
// What one slow tool may hold of the tap's memory: a stalled terminal must not starve the board.
constexpr std::size_t kBufferMax = std::size_t{32} << 20;
}  // namespace

Client::Client(os::UniqueFd socket, std::vector<std::size_t> topics)
    : socket_(std::move(socket)), topics_(std::move(topics)), owed_(topics_.size(), 0) {
  os::set_nonblocking(socket_.get(), true);
}

void Client::offer(std::size_t topic, std::uint64_t lost, std::int64_t since_barrier_ns,
                   const SampleHeader& header, const void* sample, std::uint32_t size) {
  const auto found = std::find(topics_.begin(), topics_.end(), topic);
  if (found == topics_.end()) return;
  const auto place = static_cast<std::size_t>(found - topics_.begin());
  owed_[place] += lost;
  FrameHeader frame{static_cast<std::uint32_t>(place), size, owed_[place], since_barrier_ns,
                    header};
  if (buffer_.size() - sent_ + sizeof frame + size > kBufferMax) {
    ++owed_[place];
    return;
  }
  owed_[place] = 0;
  buffer_.append(reinterpret_cast<const char*>(&frame), sizeof frame);
  buffer_.append(static_cast<const char*>(sample), size);
}

bool Client::flush() {
  while (!drained()) {
    auto written = os::write_some(socket_.get(), std::string_view(buffer_).substr(sent_));
    if (!written) return written.error().errno_value == EAGAIN;
    if (*written == 0) return true;
    sent_ += *written;
  }
  buffer_.clear();
  sent_ = 0;
  return true;
}

bool Client::hung_up() const {
  char byte = 0;
  const ssize_t n = ::recv(socket_.get(), &byte, 1, MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace takt::tap
