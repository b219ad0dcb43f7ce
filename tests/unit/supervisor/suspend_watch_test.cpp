#include "runtime/supervisor/suspend_watch.hpp"

#include <gtest/gtest.h>

namespace takt::supervisor {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Both clocks stand until they are moved; each reading may be held up on its way.
struct Machine {
  nanoseconds monotonic = 100s, boot = 250s;
  nanoseconds before_boot{0}, after_boot{0};  // Held up there by the next reading.
  void run(nanoseconds time) {
    monotonic += time;
    boot += time;
  }
  void suspend(nanoseconds time) { boot += time; }
  ClockReading read() {
    ClockReading reading;
    reading.before = monotonic;
    run(std::exchange(before_boot, nanoseconds(0)));
    reading.boot = boot;
    run(std::exchange(after_boot, nanoseconds(0)));
    reading.after = monotonic;
    return reading;
  }
};

struct Suspend : testing::Test {
  Machine machine;
  SuspendWatch sut{[this] { return machine.read(); }};
};

TEST_F(Suspend, IsNotSeenWhileTheMachineRuns) {
  for (int i = 0; i < 100; ++i) {
    machine.run(1h);
    EXPECT_FALSE(sut.look());
  }
}

TEST_F(Suspend, IsSeenOnceWithItsLength) {
  machine.run(1s);
  machine.suspend(3s);
  EXPECT_EQ(sut.look(), 3s);
  machine.run(1s);
  EXPECT_FALSE(sut.look());
  machine.suspend(2ms);
  EXPECT_EQ(sut.look(), 2ms);
}

TEST_F(Suspend, IsNotMistakenForBeingHeldUpBetweenTwoReadings) {
  machine.before_boot = 10s;
  EXPECT_FALSE(sut.look());
  machine.after_boot = 10s;
  EXPECT_FALSE(sut.look());
  machine.run(1s);
  EXPECT_FALSE(sut.look());
}

TEST_F(Suspend, IsSeenAfterAReadingThatWasHeldUp) {
  machine.before_boot = 10s;
  EXPECT_FALSE(sut.look());
  machine.suspend(1s);
  EXPECT_EQ(sut.look(), 1s) << "the bound of a bad reading does not replace a good one";
}

TEST_F(Suspend, DuringAReadingThatWasHeldUpIsSeenAtTheNext) {
  machine.suspend(1s);
  machine.after_boot = 10s;
  EXPECT_FALSE(sut.look());
  EXPECT_EQ(sut.look(), 1s);
}

TEST(SuspendOfThisMachine, IsNotSeenInAThousandLooks) {
  SuspendWatch sut;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(sut.look());
}

}  // namespace
}  // namespace takt::supervisor
