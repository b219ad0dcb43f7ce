// actuator/limiter: range, rate, and what it does after a stale command.
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/actuator/limiter_algorithm.hpp"

namespace takt::nodes::limiter_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

test::HarnessOptions options(Json params = Json::object()) {
  return {.params = std::move(params), .period = 10ms, .adjust = [](NodeConfig& config) {
            config.inputs.at(0).max_age = 15ms;
          }};
}

double answer(test::NodeHarness& sut, double command) {
  sut.send("command", Scalar{command});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{kNan}).value;
}

TEST(Limiter, PassesEverythingOnByDefault) {
  test::NodeHarness sut("actuator/limiter", options());

  EXPECT_EQ(answer(sut, -1e200), -1e200);
  EXPECT_EQ(answer(sut, 1e200), 1e200);
}

TEST(Limiter, KeepsTheCommandInItsRange) {
  test::NodeHarness sut("actuator/limiter", options({{"min", -2.0}, {"max", 3.0}}));

  EXPECT_EQ(answer(sut, -2.5), -2.0);
  EXPECT_EQ(answer(sut, 1.25), 1.25);
  EXPECT_EQ(answer(sut, 3.5), 3.0);
}

TEST(Limiter, LimitsOneSideAlone) {
  test::NodeHarness sut("actuator/limiter", options({{"max", 3.0}}));

  EXPECT_EQ(answer(sut, 4.0), 3.0);
  EXPECT_EQ(answer(sut, -4.0), -4.0);
}

TEST(Limiter, RisesAndFallsAtItsRates) {
  test::NodeHarness sut("actuator/limiter",
                        options({{"rate_up", 100.0}, {"rate_down", 200.0}, {"start", 5.0}}));

  EXPECT_EQ(answer(sut, 50.0), 5.0);  // No time has passed.
  EXPECT_DOUBLE_EQ(answer(sut, 50.0), 6.0);
  EXPECT_DOUBLE_EQ(answer(sut, 50.0), 7.0);
  EXPECT_DOUBLE_EQ(answer(sut, -50.0), 5.0);
  EXPECT_DOUBLE_EQ(answer(sut, 5.5), 5.5);  // Reached: no further.
}

TEST(Limiter, FollowsAtOnceInADirectionWithoutARate) {
  test::NodeHarness sut("actuator/limiter", options({{"rate_up", 100.0}}));

  EXPECT_EQ(answer(sut, -7.0), -7.0);  // Also at the first step.
  EXPECT_DOUBLE_EQ(answer(sut, 7.0), -6.0);
  EXPECT_EQ(answer(sut, -9.0), -9.0);
}

TEST(Limiter, CountsTheRateOverSkippedReleases) {
  auto patient = options({{"rate_up", 100.0}});
  patient.adjust = {};  // No limit of age.
  test::NodeHarness sut("actuator/limiter", patient);
  answer(sut, 0.0);
  sut.send("command", Scalar{50.0});

  ASSERT_EQ(sut.step_after_skipping(2), Did::stepped);
  EXPECT_DOUBLE_EQ(sut.sent<Scalar>("output")->value, 3.0);
}

TEST(Limiter, StartsItsRateFromStartAfterAStaleCommand) {
  test::NodeHarness sut("actuator/limiter", options({{"rate_up", 1000.0}}));
  answer(sut, 0.0);
  answer(sut, 50.0);
  ASSERT_DOUBLE_EQ(answer(sut, 50.0), 20.0);
  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_EQ(sut.sent<Scalar>("output")->value, 0.0);  // The safe value, from the loop.
  EXPECT_DOUBLE_EQ(answer(sut, 50.0), 10.0);
}

TEST(Limiter, LeavesTheSafeValueToTheLoop) {
  auto with_safe = options({{"min", 0.0}});
  with_safe.adjust = [](NodeConfig& config) {
    config.inputs.at(0).max_age = 15ms;
    const Scalar safe{-4.0};  // Outside of min to max: still the loop's word.
    std::memcpy(config.outputs.at(0).safe.data(), &safe, sizeof(safe));
  };
  test::NodeHarness sut("actuator/limiter", with_safe);
  answer(sut, 1.0);
  sut.step();

  ASSERT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(sut.sent<Scalar>("output")->value, -4.0);
}

TEST(Limiter, KeepsTheCommandBeforeANan) {
  test::NodeHarness sut("actuator/limiter", options());
  answer(sut, 3.0);

  EXPECT_EQ(answer(sut, kNan), 3.0);
}

TEST(Limiter, RefusesARangeWithoutAValue) {
  test::NodeHarness sut("actuator/limiter", options({{"min", 1.0}, {"max", -1.0}}));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "min is 1 and max is -1: no value lies between them");
}

TEST(Limiter, RefusesAStartOutsideOfItsRange) {
  test::NodeHarness sut("actuator/limiter",
                        options({{"min", 1.0}, {"max", 2.0}, {"rate_up", 1.0}}));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "start is 0, outside of the range from min to max");
}

TEST(Limiter, NeedsNoStartInRangeWithoutARate) {
  test::NodeHarness sut("actuator/limiter", options({{"min", 1.0}, {"max", 1.0}}));

  EXPECT_EQ(answer(sut, 7.0), 1.0);
}

TEST(Range, LeavesInfinityForTheLoopToRefuseWhereNoLimitIsGiven) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto open = make_range("min", kNoMin, "max", kNoMax);
  const auto closed = make_range("min", -1.0, "max", 1.0);
  ASSERT_TRUE(open.ok() && closed.ok());

  EXPECT_EQ(open->clamp(kInfinity), kInfinity);
  EXPECT_EQ(open->clamp(-kInfinity), -kInfinity);
  EXPECT_EQ(closed->clamp(kInfinity), 1.0);
  EXPECT_TRUE(std::isnan(closed->clamp(kNan)));
}

TEST(LimiterAlgorithm, IsNotChangedByACommandThatIsNotFinite) {
  LimiterAlgorithm sut({.rate_up = 1.0, .start = 2.0});

  EXPECT_TRUE(std::isnan(sut.step(kNan, 1s)));
  EXPECT_TRUE(std::isnan(sut.step(std::numeric_limits<double>::infinity(), 1s)));
  EXPECT_DOUBLE_EQ(sut.step(9.0, 500ms), 2.5);
}

}  // namespace
}  // namespace takt::nodes::limiter_test
