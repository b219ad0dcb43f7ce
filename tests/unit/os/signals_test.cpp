#include <cerrno>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <takt/os/signals.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

TEST(BlockAllSignals, BlocksAllButTheFaultsOfTheThreadItself) {
  sigset_t blocked;
  sigset_t outside;
  std::thread([&] {
    block_all_signals();
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  }).join();
  ::pthread_sigmask(SIG_SETMASK, nullptr, &outside);

  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGALRM, SIGPIPE, SIGRTMAX}) {
    EXPECT_EQ(::sigismember(&blocked, signal), 1) << signal;
    EXPECT_EQ(::sigismember(&outside, signal), 0) << signal;
  }
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    EXPECT_EQ(::sigismember(&blocked, fault), 0) << fault;
  }
}

TEST(SignalFd, GivesASignalThatWouldHaveEndedTheProcess) {
  const std::string report = test::in_child([]() -> std::string {
    const auto fd = signal_fd({SIGINT, SIGTERM});
    if (!fd) return fd.error().text();
    if (read_signal(fd->get())) return "a signal that nobody sent";
    ::kill(::getpid(), SIGTERM);
    const auto first = read_signal(fd->get());
    const auto second = read_signal(fd->get());
    return std::to_string(first.value_or(0)) + " " + std::to_string(second.value_or(0));
  });

  EXPECT_EQ(report, std::to_string(SIGTERM) + " 0");
}

TEST(IgnoreBrokenPipes, TurnsTheSignalIntoAnError) {
  const std::string report = test::in_child([]() -> std::string {
    int ends[2];
    if (::pipe(ends) != 0) return "no pipe";
    ::close(ends[0]);
    ignore_broken_pipes();
    const ssize_t n = ::write(ends[1], "x", 1);
    return n < 0 && errno == EPIPE ? "EPIPE" : "written";
  });

  EXPECT_EQ(report, "EPIPE");
}

}  // namespace
}  // namespace takt::os
