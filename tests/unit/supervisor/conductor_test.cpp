// Whose turn it is in lockstep, and what ends a turn.
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include <takt/loop/turn_taker.hpp>

#include "runtime/supervisor/conductor.hpp"

namespace takt::supervisor {
namespace {

using namespace std::chrono_literals;
using loop::TurnTaker;

struct Lockstep : testing::Test {
  std::unique_ptr<TurnPage> page = std::make_unique<TurnPage>();
  std::unique_ptr<BellPage> bells = std::make_unique<BellPage>();

  Lockstep() {
    ::alarm(30);  // The watchdog of a hang.
    page->now_ns = 100;
  }
  ~Lockstep() override { ::alarm(0); }
  Conductor conduct(std::vector<std::size_t> order) { return {*page, *bells, std::move(order)}; }
  // As a node leaves it at rest.
  void rest(std::size_t node, std::int64_t next) {
    Turn& turn = page->turns[node];
    turn.next_ns = next;
    turn.awaits_bell = 0;
    turn.ended = turn.given + 1;
  }
  void rest_on_bell(std::size_t node, std::int64_t next) {
    rest(node, next);
    page->turns[node].awaits_bell = 1;
    page->turns[node].seen = bells->bells[node].rings.load();
  }
};

using AConductor = Lockstep;

TEST_F(AConductor, GivesTheTurnToTheFirstInItsOrderOfThoseWhoseInstantHasCome) {
  auto sut = conduct({2, 0, 1});
  rest(0, 100);
  rest(1, 99);
  rest(2, 101);

  EXPECT_EQ(sut.due(), 0U);
  rest(0, 101);
  EXPECT_EQ(sut.due(), 1U);
  rest(1, 300);
  EXPECT_EQ(sut.due(), std::nullopt);
}

TEST_F(AConductor, PassesOverANodeThatIsHeldUntilItIsNot) {
  auto sut = conduct({0, 1});
  rest(0, 100);
  rest(1, 200);

  sut.hold(0, true);
  EXPECT_EQ(sut.due(), std::nullopt);
  EXPECT_EQ(sut.next(), 200);
  sut.advance(200);
  sut.hold(0, false);

  EXPECT_EQ(sut.due(), 0U);
}

TEST_F(AConductor, GivesTurnsToTheSuccessorOfANodeWhenItWaitsForTheFirst) {
  auto sut = conduct({0});
  rest(0, 100);
  sut.give(0);
  sut.forget(0);
  EXPECT_EQ(sut.next(), kNoInstant);

  sut.renew(0);
  EXPECT_FALSE(sut.is_at_rest(0));
  rest(0, 100);
  EXPECT_TRUE(sut.is_at_rest(0));
  EXPECT_EQ(sut.due(), std::nullopt) << "it is not remembered yet";
  sut.remember(0);

  EXPECT_EQ(sut.due(), 0U);
}

TEST_F(AConductor, GoesOnToTheEarliestInstantThatIsAskedFor) {
  auto sut = conduct({0, 1, 2});
  rest(0, 300);
  rest(1, 200);
  rest(2, kNoInstant);

  EXPECT_EQ(sut.next(), 200);
  sut.advance(200);
  EXPECT_EQ(sut.now(), 200ns);
  EXPECT_EQ(sut.due(), 1U);
}

TEST_F(AConductor, GivesATurnToANodeWhoseBellWasRungAndBeforeWhatStandsBehindIt) {
  auto sut = conduct({0, 1, 2});
  rest(0, 200);
  rest_on_bell(1, kNoInstant);
  rest(2, 100);
  EXPECT_EQ(sut.due(), 2U);

  ring(bells->bells[1]);

  EXPECT_EQ(sut.due(), 1U);
}

TEST_F(AConductor, DoesNotMindTheBellOfANodeThatWaitsForAnInstant) {
  auto sut = conduct({0});
  rest(0, 200);

  ring(bells->bells[0]);

  EXPECT_EQ(sut.due(), std::nullopt);
}

TEST_F(AConductor, ForgetsANodeThatHasEnded) {
  auto sut = conduct({0, 1});
  rest(0, 100);
  rest(1, 300);

  sut.forget(0);

  EXPECT_EQ(sut.due(), std::nullopt);
  EXPECT_EQ(sut.next(), 300);
}

TEST_F(AConductor, SaysWhenANodeDoesNotEndItsTurn) {
  auto sut = conduct({0});
  rest(0, 100);
  ASSERT_TRUE(sut.is_at_rest(0));

  sut.give(0);

  EXPECT_FALSE(sut.is_at_rest(0));
  EXPECT_FALSE(sut.await_end(0, MonotonicClock().now() + 1ms));
}

// The other side, in a thread.
struct ATurnTaker : Lockstep {
  os::LifeWord supervisor;
  ATurnTaker() { supervisor.init(); }
};

TEST_F(ATurnTaker, WorksOnlyInItsTurnsAndAtTheInstantsThatItAskedFor) {
  auto conductor = conduct({0});
  std::vector<std::int64_t> worked;
  std::thread node([&] {
    TurnTaker sut(*page, 0, supervisor);
    for (const std::int64_t at : {100, 150, 170}) {
      sut.wait(at);
      worked.push_back(sut.now().count());
    }
    sut.leave();
  });

  for (std::size_t turns = 0; turns < 3; ++turns) {
    while (!conductor.await_end(0, MonotonicClock().now() + 10s)) {
    }
    EXPECT_EQ(worked.size(), turns) << "it does not work before it is let";
    conductor.advance(conductor.next());
    conductor.give(0);
  }
  node.join();

  EXPECT_TRUE(conductor.is_at_rest(0));
  EXPECT_EQ(conductor.next(), kNoInstant);
  EXPECT_EQ(worked, (std::vector<std::int64_t>{100, 150, 170}));
}

TEST_F(ATurnTaker, GoesOnInItsTurnWhenItsBellWasRungMeanwhile) {
  TurnTaker sut(*page, 0, supervisor);
  const std::uint32_t seen = bells->bells[0].rings.load();
  ring(bells->bells[0]);

  sut.wait_for_ring(bells->bells[0], seen, 500);  // Else it would wait for ever.

  EXPECT_EQ(page->turns[0].ended.load(), 0U);
}

TEST_F(ATurnTaker, WaitsForAnInstantThroughTurnsThatComeEarlier) {
  auto conductor = conduct({0});
  std::int64_t woke = 0;
  std::thread node([&] {
    TurnTaker sut(*page, 0, supervisor);
    sut.wait_until(300ns);
    woke = sut.now().count();
    sut.leave();
  });

  for (const std::int64_t at : {150, 300}) {
    while (!conductor.await_end(0, MonotonicClock().now() + 10s)) {
    }
    EXPECT_EQ(woke, 0);
    conductor.advance(at);
    conductor.give(0);
  }
  node.join();

  EXPECT_EQ(woke, 300);
}

TEST_F(ATurnTaker, DoesNotOutwaitItsSupervisor) {
  std::thread([this] { supervisor.claim(); }).join();  // It ends without releasing.
  TurnTaker sut(*page, 0, supervisor);

  sut.wait(1'000'000);
  sut.wait_until(1ms);

  EXPECT_TRUE(supervisor.owner_died());
}

}  // namespace
}  // namespace takt::supervisor
