// File descriptors with an owner, and whole files read and written in one go.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <takt/base/result.hpp>

namespace takt::os {

// The owner of one file descriptor; closes it when it goes.
//
// Thread safety: a plain value, one thread at a time.
// Real time: `get` and `operator bool` are; closing is a system call.
// Lifetime: independent; the number that `get` returns is valid as long as its owner.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

  // Gives the descriptor away without closing it.
  int release() noexcept { return std::exchange(fd_, -1); }

  // Closes what was held and holds `fd` instead.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

// The whole file, also one of /proc or a pipe. A file above 256 MiB is refused.
Result<std::string> read_file(const std::string& path);

// Readers see the old content or the new, never a part: a file beside it is written, synced and
// renamed. On failure (a full disk) the old content stays and nothing is left behind.
Result<void> write_file_atomically(const std::string& path, std::string_view text);

// Whether `fd` is closed in a program that this process executes. `fd` must be open.
void set_cloexec(int fd, bool on);

// Whether reads and writes of `fd` return EAGAIN instead of waiting. `fd` must be open.
void set_nonblocking(int fd, bool on);

}  // namespace takt::os
