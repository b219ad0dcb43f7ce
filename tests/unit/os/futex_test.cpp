#include <cerrno>
#include <csignal>
#include <ctime>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/os/futex.hpp>
#include <takt/os/shared_memory.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using namespace std::chrono_literals;
using Word = std::atomic<std::uint32_t>;

std::chrono::nanoseconds monotonic_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// The child sleeps without a limit on a word that it can only read; nobody ever changes the word,
// so that only a wake can end its sleep. It is woken until it has ended: no need to know when it
// slept.
TEST(Futex, WakesAReaderInAnotherProcessThatSleepsOnAReadOnlyMapping) {
  auto memory = SharedMemory::create("word", sizeof(Word));
  ASSERT_TRUE(memory) << memory.error().text();
  const auto reader = memory->reopen_read_only();
  ASSERT_TRUE(reader) << reader.error().text();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(test::kWatchdogSeconds / 2);
    auto mapping = Mapping::map(reader->get(), sizeof(Word), false);
    if (!mapping) ::_exit(2);
    ::_exit(futex_wait(*mapping->as<const Word>(), 0, std::nullopt) == WaitResult::woken ? 0 : 1);
  }
  ASSERT_GT(child, 0);
  auto mapping = Mapping::map(memory->fd(), sizeof(Word), true);
  ASSERT_TRUE(mapping) << mapping.error().text();

  int status = -1;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    futex_wake(*mapping->as<Word>(), 1);
    std::this_thread::yield();
  }

  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Futex, DoesNotSleepWhenTheWordIsNotWhatWasExpected) {
  const Word word{7};

  EXPECT_EQ(futex_wait(word, 6, std::nullopt), WaitResult::changed);
}

TEST(Futex, TimesOutAtTheDeadlineAndNotBefore) {
  const Word word{0};
  const auto deadline = monotonic_now() + 3ms;

  const WaitResult result = futex_wait(word, 0, deadline);

  EXPECT_EQ(result, WaitResult::timed_out);
  EXPECT_GE(monotonic_now(), deadline);
}

TEST(Futex, TimesOutAtOnceWhenTheDeadlineHasPassed) {
  const Word word{0};

  EXPECT_EQ(futex_wait(word, 0, 1ns), WaitResult::timed_out);
  EXPECT_EQ(futex_wait(word, 0, 0ns), WaitResult::timed_out);
  EXPECT_EQ(futex_wait(word, 0, -1s), WaitResult::timed_out);
}

void do_nothing(int) {}

TEST(Futex, SaysThatASignalInterruptedIt) {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  const Word word{0};
  std::atomic<bool> done{false};
  WaitResult result = WaitResult::woken;
  std::thread sleeper([&] {
    result = futex_wait(word, 0, std::nullopt);
    done = true;
  });

  while (!done) {
    ::pthread_kill(sleeper.native_handle(), SIGUSR1);
    std::this_thread::yield();
  }
  sleeper.join();

  EXPECT_EQ(result, WaitResult::interrupted);
}

TEST(Futex, WakesNoMoreThanItIsTold) {
  Word word{0};
  std::atomic<int> woken{0};
  std::vector<std::thread> sleepers;
  for (int i = 0; i < 3; ++i) {
    sleepers.emplace_back([&] {
      if (futex_wait(word, 0, std::nullopt) == WaitResult::woken) ++woken;
    });
  }

  while (woken == 0) futex_wake(word, 0 + 1);
  futex_wake(word, 0);  // Nobody.
  while (woken < 3) futex_wake(word, 1);
  for (std::thread& sleeper : sleepers) sleeper.join();

  EXPECT_EQ(woken, 3);
}

}  // namespace
}  // namespace takt::os
