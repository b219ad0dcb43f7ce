// What the tests of platform/os share: a watchdog, child processes, folders that go away.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace takt::os::test {

inline constexpr unsigned kWatchdogSeconds = 50;  // Below the time-out of CTest.

// Ends the program when something in it hangs.
class Watchdog : public testing::Environment {
 public:
  void SetUp() override { ::alarm(kWatchdogSeconds); }
  void TearDown() override { ::alarm(0); }
};
inline testing::Environment* const kWatchdog = testing::AddGlobalTestEnvironment(new Watchdog);

// Runs `body`, which returns a text, in a forked child and returns that text; when the child did
// not end by itself, how it ended. For what would spoil the test program: users, namespaces,
// signals.
template <typename Body>
std::string in_child(Body body) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t pid = ::fork();
  if (pid < 0) return "no fork";
  if (pid == 0) {
    ::alarm(kWatchdogSeconds / 2);
    const int report = ::fcntl(ends[1], F_DUPFD_CLOEXEC, 200);  // `body` may use the low numbers.
    ::close(ends[0]);
    ::close(ends[1]);
    const std::string text = body();
    const bool written = ::write(report, text.data(), text.size()) == std::ssize(text);
    ::_exit(written ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  char piece[4096];
  for (;;) {
    const ssize_t n = ::read(ends[0], piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(piece, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    return text + "[killed by signal " + std::to_string(WTERMSIG(status)) + "]";
  if (WEXITSTATUS(status) != 0)
    return text + "[status " + std::to_string(WEXITSTATUS(status)) + "]";
  return text;
}

// Gives up every privilege of the calling process, which must be a child of the test.
inline bool become_nobody() {
  constexpr gid_t kNobodyGroup = 65534;
  constexpr uid_t kNobody = 65534;
  return ::setgroups(0, nullptr) == 0 &&
         ::setresgid(kNobodyGroup, kNobodyGroup, kNobodyGroup) == 0 &&
         ::setresuid(kNobody, kNobody, kNobody) == 0;
}

inline bool is_root() { return ::geteuid() == 0; }

// A new folder, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = "/tmp/takt-os-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace takt::os::test
