// A pseudo-terminal: the cable of a serial line without a machine.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <takt/os/fd.hpp>

namespace takt::test {

// The test holds one end; the other has a path, as a device does. Raw from its making on, so that
// nothing is echoed while nobody has opened it.
//
// Thread safety: one thread. Lifetime: its end is the unplugging of the cable.
class PseudoTerminal {
 public:
  PseudoTerminal() : end_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    if (!end_ || ::grantpt(end_.get()) != 0 || ::unlockpt(end_.get()) != 0) std::abort();
    device_ = ::ptsname(end_.get());
    termios line{};
    ::tcgetattr(end_.get(), &line);
    ::cfmakeraw(&line);
    ::tcsetattr(end_.get(), TCSANOW, &line);
  }

  const std::string& device() const { return device_; }
  int end() const { return end_.get(); }
  os::UniqueFd take_end() { return std::move(end_); }
  void unplug() { end_.reset(); }

  void write(std::string_view bytes) const {
    if (::write(end_.get(), bytes.data(), bytes.size()) < 0) std::abort();
  }
  // Everything that comes until `size` bytes are there: the kernel hands them on by and by.
  std::string read(std::size_t size) const {
    constexpr int kPatienceMs = 30'000;
    std::string all;
    while (all.size() < size) {
      pollfd there{end_.get(), POLLIN, 0};
      if (::poll(&there, 1, kPatienceMs) != 1) return all;
      char piece[4096];
      const ssize_t got = ::read(end_.get(), piece, sizeof piece);
      if (got > 0) all.append(piece, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  os::UniqueFd end_;
  std::string device_;
};

}  // namespace takt::test
