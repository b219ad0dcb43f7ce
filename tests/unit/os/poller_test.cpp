#include <atomic>
#include <csignal>
#include <ctime>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pthread.h>
#include <unistd.h>

#include <takt/os/fd.hpp>
#include <takt/os/poller.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    reading.reset(ends[0]);
    writing.reset(ends[1]);
  }
  void fill() { ASSERT_EQ(::write(writing.get(), "x", 1), 1); }
  UniqueFd reading;
  UniqueFd writing;
};

std::chrono::nanoseconds now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

TEST(Poller, SaysWhichAreReadable) {
  Pipe quiet;
  Pipe full;
  Pipe also_full;
  Poller sut;
  sut.watch(quiet.reading.get(), 1);
  sut.watch(full.reading.get(), 2);
  sut.watch(also_full.reading.get(), 3);

  also_full.fill();
  full.fill();

  EXPECT_THAT(sut.wait(std::nullopt), ElementsAre(2, 3));
}

TEST(Poller, SaysThatTheOtherEndHasGone) {
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 7);

  pipe.writing.reset();

  EXPECT_THAT(sut.wait(std::nullopt), ElementsAre(7));
}

TEST(Poller, ReportsATagOnceAlsoWhenSeveralShareIt) {
  Pipe one;
  Pipe two;
  Poller sut;
  sut.watch(one.reading.get(), 5);
  sut.watch(two.reading.get(), 5);

  one.fill();
  two.fill();

  EXPECT_THAT(sut.wait(std::nullopt), ElementsAre(5));
}

TEST(Poller, ForgetsWhatItIsToldToForgetAndNothingElse) {
  Pipe one;
  Pipe two;
  Poller sut;
  sut.watch(one.reading.get(), 1);
  sut.watch(two.reading.get(), 2);
  one.fill();
  two.fill();

  sut.forget(one.reading.get());
  sut.forget(one.reading.get());

  EXPECT_THAT(sut.wait(std::nullopt), ElementsAre(2));
}

TEST(Poller, TakesANewTagForADescriptorThatItKnows) {
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 1);
  sut.watch(pipe.reading.get(), 2);

  pipe.fill();

  EXPECT_THAT(sut.wait(std::nullopt), ElementsAre(2));
}

TEST(Poller, ReturnsEmptyAtTheDeadlineAndNotBefore) {
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 1);
  const auto deadline = now() + 3ms;

  EXPECT_THAT(sut.wait(deadline), IsEmpty());
  EXPECT_GE(now(), deadline);
}

TEST(Poller, LooksOnceWhenTheDeadlineHasPassed) {
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 1);
  EXPECT_THAT(sut.wait(0ns), IsEmpty());

  pipe.fill();

  EXPECT_THAT(sut.wait(0ns), ElementsAre(1));
}

void do_nothing(int) {}

TEST(Poller, WaitsOnAfterASignal) {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  std::atomic<bool> done{false};
  const pthread_t waiting = ::pthread_self();
  std::thread disturber([&] {
    while (!done) ::pthread_kill(waiting, SIGUSR1);
  });
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 1);
  const auto deadline = now() + 5ms;

  const auto tags = sut.wait(deadline);

  const auto end = now();
  done = true;
  disturber.join();
  EXPECT_THAT(tags, IsEmpty());
  EXPECT_GE(end, deadline);
}

TEST(PollerDeathTest, ADescriptorThatWasClosedWhileWatchedIsABug) {
  Pipe pipe;
  Poller sut;
  sut.watch(pipe.reading.get(), 1);
  pipe.reading.reset();

  EXPECT_DEATH(sut.wait(0ns), "assertion failed");
}

}  // namespace
}  // namespace takt::os
