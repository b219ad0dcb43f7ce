#include <array>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>

#include "platform/os/timespec.hpp"

namespace takt::os {
namespace {

// Whether something can be read before the deadline.
bool wait_for_bytes(int fd, std::optional<std::chrono::nanoseconds> deadline) {
  for (;;) {
    pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
    timespec left{};
    if (deadline) left = to_timespec(*deadline - monotonic_now());
    const int ready = ::ppoll(&watched, 1, deadline ? &left : nullptr, nullptr);
    if (ready >= 0) return ready > 0;
    TAKT_ASSERT(errno == EINTR || errno == ENOMEM);
  }
}

}  // namespace

std::optional<std::string> LineReader::take_line() {
  const std::size_t end = buffer_.find('\n', searched_);
  searched_ = buffer_.size();
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  searched_ = 0;
  return line;
}

Result<std::optional<std::string>> LineReader::next_line(
    std::optional<std::chrono::nanoseconds> deadline) {
  for (;;) {
    std::optional<std::string> line = take_line();
    if (buffer_.size() > kLineBytesMax || (line && line->size() > kLineBytesMax)) {
      // What follows cannot be told from the rest of this line by who lost its beginning.
      buffer_.clear();
      searched_ = 0;
      ended_ = true;
      return system_error("read a line", EMSGSIZE, format("the limit is {} bytes", kLineBytesMax),
                          "the other end does not speak takt's protocol");
    }
    if (line) return line;
    if (ended_) {
      if (buffer_.empty()) return std::optional<std::string>();
      buffer_.clear();
      searched_ = 0;
      return system_error("read a line", EPIPE, "the other end closed within it", "");
    }
    if (!wait_for_bytes(fd_, deadline)) {
      return system_error("read a line", ETIMEDOUT, "the other end has not sent a whole one", "");
    }
    std::array<char, 16384> piece;
    const ssize_t n = ::read(fd_, piece.data(), piece.size());
    if (n > 0) buffer_.append(piece.data(), static_cast<std::size_t>(n));
    if (n == 0 || (n < 0 && errno == ECONNRESET)) ended_ = true;
    if (n < 0 && errno != ECONNRESET && errno != EINTR && errno != EAGAIN) {
      ended_ = true;
      buffer_.clear();
      searched_ = 0;
      return system_error("read a line", errno, "", "");
    }
  }
}

}  // namespace takt::os
