#include "tests/integration/support/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace takt::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(const std::vector<std::string>& own) {
  std::vector<std::string> all = own;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& other : own) replaced = replaced || other.rfind(name, 0) == 0;
    if (!replaced) all.push_back(text);
  }
  return all;
}

}  // namespace

Child::Child(std::vector<std::string> arguments, ChildOptions options)
    : options_(std::move(options)) {
  std::vector<std::string> environment = environment_with(options_.environment);
  const std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
  int out[2], err[2] = {-1, -1};
  if (options_.terminal) {
    EXPECT_EQ(::openpty(&out[0], &out[1], nullptr, nullptr, nullptr), 0);
    ::fcntl(out[0], F_SETFD, FD_CLOEXEC);
    ::fcntl(out[1], F_SETFD, FD_CLOEXEC);
  } else {
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(err, O_CLOEXEC), 0);
  }
  pid_ = ::fork();
  if (pid_ == 0) become(argv, envp, out[1], options_.terminal ? out[1] : err[1]);
  ::close(out[1]);
  if (err[1] >= 0) ::close(err[1]);
  out_.fd = out[0];
  err_.fd = err[0];
  listener_ = std::thread([this] { listen(); });
}

// Between fork and exec of a process with threads: system calls alone.
void Child::become(const std::vector<char*>& argv, const std::vector<char*>& envp, int out,
                   int err) {
  const int in = options_.terminal ? out : ::open("/dev/null", O_RDONLY);
  if (options_.terminal) {
    ::setsid();
    ::ioctl(out, TIOCSCTTY, 0);
  }
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  if (options_.user) {
    if (::setgroups(options_.groups.size(), options_.groups.data()) != 0 ||
        ::setgid(*options_.user) != 0 || ::setuid(*options_.user) != 0) {
      ::_exit(126);
    }
    ::prctl(PR_SET_DUMPABLE, 1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

Child::~Child() {
  if (!reap(false)) {
    ::kill(pid_, SIGKILL);
    reap(true);
  }
  quiet_ = true;
  listener_.join();
  ::close(out_.fd);
  if (err_.fd >= 0) ::close(err_.fd);
}

void Child::listen() {
  pollfd fds[2] = {{out_.fd, POLLIN, 0}, {err_.fd, POLLIN, 0}};
  Pipe* pipes[2] = {&out_, &err_};
  while (!quiet_ && (fds[0].fd >= 0 || fds[1].fd >= 0)) {
    if (::poll(fds, 2, 50) <= 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t n = ::read(fds[i].fd, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fds[i].fd = -1;  // A pseudo-terminal that nobody has open any more says EIO.
      const std::lock_guard lock(mutex_);
      if (n > 0) pipes[i]->text.append(buffer, static_cast<std::size_t>(n));
    }
  }
  quiet_ = true;
}

void Child::signal(int number) const { ::kill(pid_, number); }

void Child::type(const std::string& keys) const {
  EXPECT_EQ(::write(out_.fd, keys.data(), keys.size()), std::ssize(keys));
}

std::string Child::out() const {
  const std::lock_guard lock(mutex_);
  return out_.text;
}

std::string Child::err() const {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

bool Child::reap(bool block_until_told) {
  if (status_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, block_until_told ? 0 : WNOHANG) != pid_) return false;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  return true;
}

bool Child::ended() { return reap(false); }

bool Child::says(const std::string& text) {
  const auto until = steady_clock::now() + kWatchdog;
  for (;;) {
    const bool over = quiet_ || steady_clock::now() >= until;
    if (out().find(text) != std::string::npos || err().find(text) != std::string::npos) return true;
    if (over) break;
    std::this_thread::sleep_for(milliseconds(5));
  }
  ADD_FAILURE() << "'" << text << "' was not said, but:\n" << out() << "\n" << err();
  return false;
}

int Child::wait(std::chrono::seconds longest) {
  const auto until = steady_clock::now() + longest;
  while (!reap(false) || !quiet_) {
    if (steady_clock::now() >= until) {
      ADD_FAILURE() << (status_ ? "its pipes are still open" : "it does not end") << "; it said:\n"
                    << out() << "\n"
                    << err();
      return status_.value_or(-1);
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
  return *status_;
}

}  // namespace takt::test
