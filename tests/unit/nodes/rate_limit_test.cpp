// filter/rate_limit: its slopes, skipped releases, gaps, NaN and a new start.
#include <chrono>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

namespace takt::nodes::rate_limit_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

double followed(test::NodeHarness& sut, double input) {
  sut.send("input", Scalar{input});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

test::HarnessOptions rates(double up, double down) {
  return {.params = {{"rate_up", up}, {"rate_down", down}}, .period = 100ms};
}

TEST(RateLimit, RisesAndFallsNoFasterThanItMay) {
  test::NodeHarness sut("filter/rate_limit", rates(10.0, 5.0));

  EXPECT_DOUBLE_EQ(followed(sut, 3.0), 3.0) << "the first output is the input";
  EXPECT_DOUBLE_EQ(followed(sut, 5.5), 4.0);
  EXPECT_DOUBLE_EQ(followed(sut, 5.5), 5.0);
  EXPECT_DOUBLE_EQ(followed(sut, 5.5), 5.5);
  EXPECT_DOUBLE_EQ(followed(sut, 0.0), 5.0);
  EXPECT_DOUBLE_EQ(followed(sut, 4.9), 4.9);
}

TEST(RateLimit, OfZeroIsUnlimited) {
  test::NodeHarness sut("filter/rate_limit", rates(0.0, 5.0));

  followed(sut, 0.0);
  EXPECT_DOUBLE_EQ(followed(sut, 1e9), 1e9);
  EXPECT_DOUBLE_EQ(followed(sut, 0.0), 1e9 - 0.5);
}

TEST(RateLimit, CountsSkippedReleases) {
  test::NodeHarness sut("filter/rate_limit", rates(10.0, 5.0));
  followed(sut, 0.0);

  sut.send("input", Scalar{100.0});
  sut.step_after_skipping(3);

  EXPECT_DOUBLE_EQ(sut.sent<Scalar>("output")->value, 4.0);
}

TEST(RateLimit, GoesOnFromItsLastOutputAfterAGapAndAfterNaN) {
  auto options = rates(10.0, 5.0);
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 150ms; };
  test::NodeHarness sut("filter/rate_limit", options);
  followed(sut, 1.0);

  sut.step();
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_DOUBLE_EQ(followed(sut, 9.0), 2.0);

  sut.send("input", Scalar{std::nan("")});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  EXPECT_DOUBLE_EQ(followed(sut, 9.0), 3.0);
}

TEST(RateLimit, BeginsAtItsFirstFiniteInput) {
  test::NodeHarness sut("filter/rate_limit", rates(10.0, 5.0));

  sut.send("input", Scalar{std::nan("")});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  EXPECT_DOUBLE_EQ(followed(sut, 50.0), 50.0);
}

TEST(RateLimit, StartsAgainWhereItWas) {
  test::NodeHarness first("filter/rate_limit", rates(10.0, 5.0));
  followed(first, 0.0);
  followed(first, 9.0);
  auto options = rates(10.0, 5.0);
  options.state = first.state();

  test::NodeHarness second("filter/rate_limit", options);

  EXPECT_DOUBLE_EQ(followed(second, 9.0), 1.0);
  EXPECT_DOUBLE_EQ(followed(second, 9.0), 2.0);
}

TEST(RateLimit, RefusesToLimitNothing) {
  const test::NodeHarness sut("filter/rate_limit", rates(0.0, 0.0));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "neither rate_up nor rate_down is given: nothing is limited");
}

}  // namespace
}  // namespace takt::nodes::rate_limit_test
