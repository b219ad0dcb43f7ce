#include "runtime/supervisor/restart_plan.hpp"

#include <gtest/gtest.h>

namespace takt::supervisor {
namespace {

using namespace std::chrono_literals;
using Next = RestartPlan::Next;

NodeSupervision rules(RestartPolicy policy) {
  NodeSupervision rules;
  rules.restart = policy;
  rules.backoff = 100ms;
  rules.max_restarts = 3;
  rules.restart_window = 10s;
  return rules;
}

TEST(RestartPlan, NeverRestartsWhatShallNotBe) {
  RestartPlan sut(rules(RestartPolicy::never));

  EXPECT_EQ(sut.ended(1s, false).next, Next::leave);
  EXPECT_EQ(sut.restarts(), 0U);
}

TEST(RestartPlan, OnFailureLeavesWhatEndedWell) {
  RestartPlan sut(rules(RestartPolicy::on_failure));

  EXPECT_EQ(sut.ended(1s, true).next, Next::leave);
  EXPECT_EQ(sut.ended(1s, false).next, Next::restart);
}

TEST(RestartPlan, AlwaysRestartsWhatEndedWellToo) {
  RestartPlan sut(rules(RestartPolicy::always));

  EXPECT_EQ(sut.ended(1s, true).next, Next::restart);
}

TEST(RestartPlan, TheFirstRestartComesAtOnceTheNextOnesAfterADoublingPause) {
  RestartPlan sut(rules(RestartPolicy::on_failure));

  EXPECT_EQ(sut.ended(1s, false).at, 1s);
  EXPECT_EQ(sut.ended(2s, false).at, 2s + 100ms);
  EXPECT_EQ(sut.ended(3s, false).at, 3s + 200ms);
}

TEST(RestartPlan, GivesUpAfterTooManyWithinTheWindow) {
  RestartPlan sut(rules(RestartPolicy::on_failure));
  for (int i = 0; i < 3; ++i) ASSERT_EQ(sut.ended(1s * i, false).next, Next::restart);

  EXPECT_EQ(sut.ended(5s, false).next, Next::give_up);
  EXPECT_EQ(sut.restarts(), 3U);
}

TEST(RestartPlan, ForgetsEndsThatLieBeforeTheWindow) {
  RestartPlan sut(rules(RestartPolicy::on_failure));
  for (int i = 0; i < 10; ++i) {
    const auto answer = sut.ended(11s * i, false);
    EXPECT_EQ(answer.next, Next::restart);
    EXPECT_EQ(answer.at, 11s * i);
  }
}

TEST(RestartPlan, ThePauseHasAnUpperEnd) {
  NodeSupervision many = rules(RestartPolicy::on_failure);
  many.max_restarts = 100;
  RestartPlan sut(many);
  for (int i = 0; i < 50; ++i) sut.ended(1s, false);

  EXPECT_EQ(sut.ended(1s, false).at, 1s + 5s);
}

}  // namespace
}  // namespace takt::supervisor
