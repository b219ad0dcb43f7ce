// What cannot be proved healed is said to be so, in time, and the next world is whole.
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/personality.h>
#include <unistd.h>

#include <takt/os/host.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/port/safe_kill.hpp>

#include "tests/crash_points/rig.hpp"
#include "tests/crash_points/stepper.hpp"

namespace takt::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Trace trace_of(Rig& rig, const std::string& setup) {
  EXPECT_EQ(rig.start_victim(setup, Stage::armed), "");
  rig.order(kBystander, Order::freeze);
  Stepper stepper(rig.victim().pid());
  EXPECT_TRUE(stepper.wait_for_start());
  Trace trace = stepper.record();
  rig.order(kBystander, Order::run);
  rig.kill_victim();
  EXPECT_TRUE(rig.world().heal(rig.victim_name(), rig.victim().pid()).healed);
  rig.reap_victim();
  return trace;
}

// A new victim stands before `step` of its operation.
void stand_at(Rig& rig, const Trace& trace, std::size_t step, const std::string& setup) {
  rig.order(kSurvivor, Order::run);
  rig.order(kBystander, Order::run);
  ASSERT_EQ(rig.start_victim(setup, Stage::armed), "");
  rig.order(kBystander, Order::freeze);
  Stepper stepper(rig.victim().pid());
  ASSERT_TRUE(stepper.wait_for_start());
  stepper.run_to(trace, step);
}

port::HealReport kill_at(Rig& rig, const Trace& trace, std::size_t step, const std::string& setup) {
  stand_at(rig, trace, step, setup);
  rig.kill_victim();
  const port::HealReport report = rig.world().heal(rig.victim_name(), rig.victim().pid());
  rig.reap_victim();
  return report;
}

// The first step, from the middle of the operation on, at which a death is healed like that.
template <typename Wanted>
std::optional<std::size_t> step_where(const RigOptions& options, Wanted wanted) {
  Rig rig(options);
  const Trace trace = trace_of(rig, "full");
  for (std::size_t step = trace.size() / 2; step < trace.size(); step += 24) {
    if (wanted(kill_at(rig, trace, step, "full"))) return step;
  }
  return std::nullopt;
}

TEST(Healer, ProvesNothingBeforeItIsArmed) {
  Rig rig({.writer_survives = false, .arms = false});
  ASSERT_EQ(rig.start_victim("free", Stage::joined), "");
  rig.kill_victim();

  rig.world().request_heal(rig.victim_name(), rig.victim().pid());
  pollfd ready{rig.world().heal_fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&ready, 1, 10'000), 1);
  const auto report = rig.world().take_heal_report();

  ASSERT_TRUE(report);
  EXPECT_FALSE(report->healed);
  EXPECT_EQ(report->reason, "the healer is not armed");
  EXPECT_EQ(report->participant, rig.victim_name());
  EXPECT_FALSE(rig.world().take_heal_report());
}

// The threads of this process that are of real-time class, by priority.
std::multiset<int> real_time_priorities() {
  std::multiset<int> found;
  for (const pid_t thread : os::threads_of(::getpid())) {
    const auto schedule = os::read_schedule(thread);
    if (schedule && schedule->policy == os::SchedulingClass::fifo) found.insert(schedule->priority);
  }
  return found;
}

TEST(Healer, ADeathThatNeverTouchedTheTransportIsHealed) {
  Rig rig({.writer_survives = false});
  const port::HealReport report = rig.world().heal("nobody.1", ::getpid());

  EXPECT_TRUE(report.healed) << report.reason;
  EXPECT_EQ(report.locks_freed + report.indices_replaced + report.chunks_leaked, 0U);
}

TEST(Healer, TwoDeathsAtOnceAreAnsweredInTheirOrder) {
  Rig rig({.writer_survives = true});
  ASSERT_EQ(rig.start_victim("free", Stage::joined), "");
  static_cast<void>(os::send_signal(rig.survivor(), SIGKILL));
  rig.kill_victim();
  ASSERT_TRUE(os::wait_readable(rig.survivor().pidfd(), seconds(10)));

  rig.world().request_heal("survivor", rig.survivor().pid());
  rig.world().request_heal(rig.victim_name(), rig.victim().pid());
  std::vector<std::string> healed;
  while (healed.size() < 2 && os::wait_readable(rig.world().heal_fd(), seconds(10))) {
    while (auto report = rig.world().take_heal_report()) {
      EXPECT_TRUE(report->healed) << report->reason;
      healed.push_back(report->participant);
    }
  }

  EXPECT_EQ(healed, (std::vector<std::string>{"survivor", rig.victim_name()}));
}

// A writer that lives but stands still with its lock: nobody may free that lock, so its dead reader
// cannot be taken down.
TEST(Healer, TimesOutWhileALiveProcessStandsStillWithALock) {
  const RigOptions options{.writer_survives = false, .limit = milliseconds(300)};
  const auto holds = step_where({.writer_survives = false}, [](const port::HealReport& report) {
    return report.locks_freed > 0;
  });
  ASSERT_TRUE(holds);
  {
    Rig rig(options);
    const Trace trace = trace_of(rig, "full");
    stand_at(rig, trace, *holds, "full");
    static_cast<void>(os::send_signal(rig.survivor(), SIGKILL));
    ASSERT_TRUE(os::wait_readable(rig.survivor().pidfd(), seconds(10)));

    const port::HealReport report = rig.world().heal("survivor", rig.survivor().pid());

    EXPECT_FALSE(report.healed);
    EXPECT_EQ(report.reason, "healing took longer than 300 ms");
    const port::HealReport next = rig.world().heal("nobody.1", rig.survivor().pid());
    EXPECT_FALSE(next.healed) << "after one that never came back nothing is provable";
  }  // Ends, although RouDi waits for the victim's lock: every participant has died.
  Rig next(options);
  EXPECT_EQ(next.start_victim("plain", Stage::armed), "");
  EXPECT_TRUE(next.world().probe(seconds(10)).ok());
}

TEST(Healer, RefusesAQueueWithoutSpareIndices) {
  // 256 indices, 250 in use: six may be lost.
  const RigOptions options{.writer_survives = false, .depth = 250};
  const auto loses = step_where(
      options, [](const port::HealReport& report) { return report.indices_replaced == 1; });
  ASSERT_TRUE(loses);
  Rig rig(options);
  const Trace trace = trace_of(rig, "full");
  int replaced = 0;
  port::HealReport report;
  for (int i = 0; i < 12 && (i == 0 || report.healed); ++i) {
    report = kill_at(rig, trace, *loses, "full");
    replaced += static_cast<int>(report.indices_replaced);
  }

  EXPECT_FALSE(report.healed);
  EXPECT_EQ(report.reason, "a queue has no spare index left");
  EXPECT_EQ(replaced, 6);
}

TEST(Healer, RefusesWhenTheLeakBudgetIsSpent) {
  const auto leaks = step_where({.writer_survives = false}, [](const port::HealReport& report) {
    return report.chunks_leaked == 1;
  });
  ASSERT_TRUE(leaks);
  Rig rig({.writer_survives = false, .spare = 3});
  const Trace trace = trace_of(rig, "full");
  port::HealReport report;
  for (int i = 0; i < 12 && (i == 0 || report.healed); ++i) {
    report = kill_at(rig, trace, *leaks, "full");
    EXPECT_TRUE(!report.healed || report.chunks_leaked_ever <= 3U);
  }

  EXPECT_FALSE(report.healed);
  EXPECT_EQ(report.reason, "the spare chunks of a size class are used up by leaks");
}

TEST(SafeKill, LeavesNothingToRepair) {
  Rig rig({.writer_survives = false, .pause_us = 50});
  int outside = 0;
  for (int i = 0; i < 20; ++i) {
    rig.slot(kVictim).rounds = 0;
    ASSERT_EQ(rig.start_victim("free", Stage::joined), "");
    ASSERT_TRUE(wait_for([&] { return rig.slot(kVictim).rounds > 100; }, seconds(10)));
    const auto killed = port::kill_outside(rig.victim(), rig.slot(kVictim).inside, seconds(5));
    ASSERT_TRUE(killed.ok());
    rig.kill_victim();  // Only waits for the end.
    const port::HealReport report = rig.world().heal(rig.victim_name(), rig.victim().pid());
    rig.reap_victim();
    ASSERT_TRUE(report.healed) << report.reason;
    if (*killed != port::SafeKill::outside) continue;
    ++outside;
    EXPECT_EQ(report.locks_freed + report.indices_replaced + report.chunks_leaked, 0U) << i;
  }
  EXPECT_GE(outside, 15);
}

TEST(SafeKill, OfAProcessThatHasEndedSaysSo) {
  Rig rig({.writer_survives = false});
  ASSERT_EQ(rig.start_victim("free", Stage::joined), "");
  rig.kill_victim();

  const auto killed = port::kill_outside(rig.victim(), rig.slot(kVictim).inside, seconds(5));

  ASSERT_TRUE(killed.ok());
  EXPECT_EQ(*killed, port::SafeKill::ended);
}

// Last: the memory of this process stays locked.
TEST(Healer, StandsAboveEveryNodeAndRouDiOnlyWhileItHurries) {
  Rig rig({.writer_survives = false, .arms = false});
  const auto armed = rig.world().arm_healer({});
  if (!armed) GTEST_SKIP() << armed.error().text();

  EXPECT_EQ(real_time_priorities(), (std::multiset<int>{94, 95}));
  EXPECT_TRUE(os::memory_is_locked());
  rig.world().hurry(true);
  rig.world().hurry(true);
  rig.world().hurry(false);
  const auto hurried = real_time_priorities();
  EXPECT_GE(hurried.count(90), 2U) << "RouDi's threads";
  EXPECT_EQ(*hurried.rbegin(), 95);
  rig.world().hurry(false);
  EXPECT_EQ(real_time_priorities(), (std::multiset<int>{94, 95}));
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  // Traces are of addresses: every victim must have its code at the same ones.
  if ((::personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0) {
    ::personality(ADDR_NO_RANDOMIZE);
    ::execv(takt::os::self_executable().c_str(), argv);
    return 3;
  }
  testing::InitGoogleTest(&argc, argv);
  ::alarm(170);
  if (!takt::test::enter_test_world()) return 1;
  return RUN_ALL_TESTS();
}
