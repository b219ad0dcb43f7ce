// The contract of Clock, over every implementation.
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <takt/time/clock.hpp>

namespace takt {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kPatienceSeconds = 30;

template <typename Implementation>
class ClockConformance : public testing::Test {
 protected:
  ClockConformance() { ::alarm(kPatienceSeconds); }
  ~ClockConformance() override { ::alarm(0); }

  Implementation implementation_;
  Clock& sut_ = implementation_;
};

using Implementations = testing::Types<MonotonicClock, SteppedClock>;
TYPED_TEST_SUITE(ClockConformance, Implementations);

TYPED_TEST(ClockConformance, NeverGoesBack) {
  auto last = this->sut_.now();
  for (int i = 0; i < 10'000; ++i) {
    const auto now = this->sut_.now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TYPED_TEST(ClockConformance, NeverReturnsBeforeTheDeadline) {
  for (const auto wait : {1ns, 999ns, 50'000ns, 2'000'000ns}) {
    const auto deadline = this->sut_.now() + wait;

    this->sut_.wait_until(deadline);

    EXPECT_GE(this->sut_.now(), deadline);
  }
}

TYPED_TEST(ClockConformance, WaitsAcrossTheBorderOfASecond) {
  const auto second = std::chrono::ceil<std::chrono::seconds>(this->sut_.now() + 1ns);
  this->sut_.wait_until(second - 1ns);

  this->sut_.wait_until(second + 1ns);

  EXPECT_GE(this->sut_.now(), second + 1ns);
}

TYPED_TEST(ClockConformance, ReturnsAtOnceWhenTheDeadlineHasPassed) {
  this->sut_.wait_until(this->sut_.now() + 1us);
  const auto before = this->sut_.now();

  for (const std::chrono::nanoseconds deadline :
       {before, before - 1ns, 0ns, -1ns, -5'000'000'001ns}) {
    this->sut_.wait_until(deadline);  // The watchdog ends a wait that does not end.
  }

  EXPECT_GE(this->sut_.now(), before);
}

void do_nothing(int) {}

TEST(MonotonicClock, KeepsItsDeadlineWhenSignalsInterruptTheWait) {
  struct sigaction action {};
  action.sa_handler = do_nothing;  // Without SA_RESTART: the sleep returns EINTR.
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  ::alarm(kPatienceSeconds);
  std::atomic<bool> done{false};
  const pthread_t sleeper = ::pthread_self();
  std::thread disturber([&] {
    while (!done) ::pthread_kill(sleeper, SIGUSR1);
  });
  MonotonicClock sut;
  const auto deadline = sut.now() + 5ms;

  sut.wait_until(deadline);

  const auto end = sut.now();
  done = true;
  disturber.join();
  ::alarm(0);
  EXPECT_GE(end, deadline);
}

TEST(MonotonicClock, IsTheClockOfTheMachine) {
  timespec before{};
  ASSERT_EQ(::clock_gettime(CLOCK_MONOTONIC, &before), 0);
  const auto now = MonotonicClock().now();
  timespec after{};
  ASSERT_EQ(::clock_gettime(CLOCK_MONOTONIC, &after), 0);

  EXPECT_GE(now, std::chrono::seconds(before.tv_sec) + std::chrono::nanoseconds(before.tv_nsec));
  EXPECT_LE(now, std::chrono::seconds(after.tv_sec) + std::chrono::nanoseconds(after.tv_nsec));
}

}  // namespace
}  // namespace takt
