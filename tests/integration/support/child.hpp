// A program that a test starts, listens to and waits for.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace takt::test {

// The watchdog of everything that a test waits for. Not a claim about time: the host may stall.
inline constexpr std::chrono::seconds kWatchdog{45};

struct ChildOptions {
  std::vector<std::string> environment{};  // "NAME=value", over what the test has.
  bool terminal = false;                   // On a pseudo-terminal, which it controls.
  std::optional<uid_t> user{};             // Gives up root, every group and every capability.
  std::vector<gid_t> groups{};             // Of `user`, beside its own.
};

// Dies with the test. Its destruction kills what still runs.
//
// Thread safety: one thread. Lifetime: independent.
class Child {
 public:
  // `arguments[0]` is the program's path.
  Child(std::vector<std::string> arguments, ChildOptions options = {});
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // What a person types; on a pseudo-terminal "\x03" is Ctrl-C.
  void type(const std::string& keys) const;

  // What it has said so far. On a pseudo-terminal everything is in `out`.
  std::string out() const;
  std::string err() const;

  // Waits until `text` was said on either; false, with everything that was said as a failure of the
  // test, when the watchdog or the program's end came first.
  bool says(const std::string& text);

  // Waits for its end and everything that it said. The exit status, or 1000 + the signal. The
  // watchdog's end is a failure of the test and -1.
  int wait(std::chrono::seconds longest = kWatchdog);
  bool ended();

 private:
  struct Pipe {
    int fd = -1;
    std::string text;
  };
  void become(const std::vector<char*>& argv, const std::vector<char*>& envp, int out, int err);
  void listen();
  bool reap(bool block_until_told);

  ChildOptions options_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  mutable std::mutex mutex_;
  Pipe out_, err_;
  std::thread listener_;
  std::atomic<bool> quiet_{false};  // Both ends are closed: everything was heard.
};

}  // namespace takt::test
