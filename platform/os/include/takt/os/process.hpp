// Child processes: started with exactly the files they are given, watched through a pidfd.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

struct SpawnOptions {
  std::string program{};                         // A path; PATH is not searched.
  std::vector<std::string> arguments{};          // Without the program's own name.
  std::vector<std::string> extra_environment{};  // "NAME=value", over what this process has.
  // Descriptor here -> its number there, 3 to kInheritedFdMax, each number there once.
  std::vector<std::pair<int, int>> inherited{};
  // The child leads a group of its own and ignores SIGINT: a Ctrl-C at the terminal is for the
  // parent, which ends its children in order.
  bool new_process_group = true;
  int stdout_fd = -1;  // -1: the parent's own, for all three.
  int stderr_fd = -1;
  int stdin_fd = -1;
};

// The highest number that a child's inherited descriptor may have: far more than a graph needs, and
// below every usual limit of open files.
inline constexpr int kInheritedFdMax = 255;

// How a process ended.
//
// Thread safety: a plain value. Real time: `text` allocates. Lifetime: independent.
struct Ending {
  bool exited = false;  // False: killed by `signal`.
  int status = 0;       // The exit status.
  int signal = 0;       // 0 with `exited` false: it ended, somebody else took its status.

  bool clean() const noexcept { return exited && status == 0; }

  // "exited with status 3", "killed by SIGSEGV (Segmentation fault)".
  std::string text() const;
  friend bool operator==(const Ending&, const Ending&) = default;
};

// A child that was started. Its destruction neither kills nor waits.
//
// Thread safety: one thread at a time. Real time: the getters are.
// Lifetime: until it is reaped its pid belongs to it; afterwards only the pidfd says who is meant.
class Child {
 public:
  Child() = default;
  Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid() const noexcept { return pid_; }

  // Becomes readable when the child has ended; -1 when this stands for no child.
  int pidfd() const noexcept { return pidfd_.get(); }

 private:
  friend std::optional<Ending> try_wait(Child& child, bool keep_zombie);
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<Ending> reaped_;
};

// Starts a program and returns once it runs: what keeps it from running (no such file, no right,
// too many processes) is an error here. The child has no signal blocked, every signal at its
// default (see new_process_group), 0, 1, 2 and the inherited descriptors and no others; it inherits
// scheduling class, processors and directory from the calling thread. May be called from any
// thread.
Result<Child> spawn(const SpawnOptions& options);

// How the child ended; nothing while it runs. Never waits. With `keep_zombie` the child stays a
// zombie and its pid cannot go to somebody else; without, it is reaped, and later calls repeat the
// same answer.
std::optional<Ending> try_wait(Child& child, bool keep_zombie = false);

// Never hits another process: the signal goes through the pidfd. ESRCH when it was reaped already.
Result<void> send_signal(const Child& child, int signal);

// Whether `fd` became readable or hung up (a pidfd: the process ended) within `timeout`. Signals do
// not shorten the wait.
bool wait_readable(int fd, std::chrono::milliseconds timeout);

}  // namespace takt::os
