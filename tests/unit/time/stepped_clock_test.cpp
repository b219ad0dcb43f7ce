#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <takt/time/clock.hpp>

namespace takt {
namespace {

using namespace std::chrono_literals;

TEST(SteppedClock, StandsStillUntilTold) {
  SteppedClock sut(5ms);

  EXPECT_EQ(sut.now(), 5ms);
  EXPECT_EQ(sut.now(), 5ms);
}

TEST(SteppedClock, MovesByExactlyWhatItIsTold) {
  SteppedClock sut;

  sut.advance(2500us);
  EXPECT_EQ(sut.now(), 2500us);

  sut.set(1s);
  EXPECT_EQ(sut.now(), 1s);
}

TEST(SteppedClock, IgnoresAStepBack) {
  SteppedClock sut(1s);

  sut.advance(-1ns);
  sut.set(999ms);
  sut.wait_until(10ms);

  EXPECT_EQ(sut.now(), 1s);
}

TEST(SteppedClock, JumpsToTheDeadlineOfAWait) {
  SteppedClock sut;

  sut.wait_until(3ms);

  EXPECT_EQ(sut.now(), 3ms);
}

TEST(SteppedClock, CountsEveryWaitAlsoThoseThatArePast) {
  SteppedClock sut(1s);

  sut.wait_until(2s);
  sut.wait_until(1ms);

  EXPECT_EQ(sut.waits(), 2u);
}

TEST(SteppedClock, LosesNoStepOfConcurrentThreads) {
  SteppedClock sut;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int step = 0; step < 1000; ++step) sut.advance(1us);
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(sut.now(), 4000us);
}

}  // namespace
}  // namespace takt
