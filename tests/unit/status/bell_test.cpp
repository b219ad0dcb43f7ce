#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <unistd.h>

#include <takt/status/pages.hpp>

namespace takt {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kNever = std::chrono::hours(1'000'000);

// Two threads hand a token to and fro, each asleep on its bell: one lost wake-up hangs.
TEST(Bell, LosesNoWakeUpBetweenTwoThreads) {
  ::alarm(30);  // The watchdog of a hang.
  constexpr std::uint32_t kTurns = 20'000;
  const auto page = std::make_unique<BellPage>();
  std::atomic<std::uint32_t> token{0};
  const auto play = [&](std::uint32_t mine) {
    Bell& own = page->bells[mine];
    for (std::uint32_t turn = mine; turn < kTurns; turn += 2) {
      for (;;) {
        const std::uint32_t seen = own.rings.load();
        if (token.load() == turn) break;
        wait_for_ring(own, seen, kNever);
      }
      token.store(turn + 1);
      ring(page->bells[1 - mine]);
    }
  };

  std::thread other(play, 1);
  play(0);
  other.join();

  EXPECT_EQ(token.load(), kTurns);
  EXPECT_EQ(page->bells[0].rings.load() + page->bells[1].rings.load(), kTurns);
  ::alarm(0);
}

TEST(Bell, ReturnsAtOnceWhenItWasRungBeforeTheWait) {
  ::alarm(30);
  const auto page = std::make_unique<BellPage>();
  Bell& sut = page->bells[0];
  const std::uint32_t seen = sut.rings.load();
  ring(sut);

  wait_for_ring(sut, seen, kNever);

  EXPECT_EQ(sut.sleeping.load(), 0U);
  ::alarm(0);
}

TEST(Bell, ReturnsWhenTheDeadlineHasPassed) {
  ::alarm(30);
  const auto page = std::make_unique<BellPage>();

  wait_for_ring(page->bells[0], 0, nanoseconds(1));

  EXPECT_EQ(page->bells[0].rings.load(), 0U);
  ::alarm(0);
}

TEST(StatusPage, EndsBehindTheInputsThatANodeHas) {
  EXPECT_EQ(StatusPage::bytes_for(0), offsetof(StatusPage, inputs));
  EXPECT_EQ(StatusPage::bytes_for(2) - StatusPage::bytes_for(1), sizeof(InputCounters));
  EXPECT_LE(StatusPage::bytes_for(kPortsMax), sizeof(StatusPage));
}

TEST(Pages, EachBellHasCacheLinesOfItsOwn) {
  EXPECT_EQ(sizeof(Bell) % 64, 0U);
  EXPECT_EQ(offsetof(BellPage, bells) % 64, 0U);
  EXPECT_TRUE(std::atomic<std::uint64_t>::is_always_lock_free);
}

TEST(Names, AreThoseOfTheContract) {
  EXPECT_EQ(name_of(NodeState::configuring), "configuring");
  EXPECT_EQ(name_of(static_cast<NodeState>(99)), "unknown");
  EXPECT_EQ(describe(StopReason::none), "");
}

}  // namespace
}  // namespace takt
