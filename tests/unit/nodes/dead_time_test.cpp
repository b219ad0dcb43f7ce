// filter/dead_time: every value comes out after its time, over skipped releases, gaps and restarts.
#include <chrono>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "tests/support/allocation_guard.hpp"

namespace takt::nodes::dead_time_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

double delayed(test::NodeHarness& sut, double input) {
  sut.send("input", Scalar{input});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

test::HarnessOptions dead_time(double seconds, const char* start = "settled") {
  return {.params = {{"delay", seconds}, {"start", start}}, .period = 1ms};
}

class DeadTimeOf : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(BothEnds, DeadTimeOf, testing::Values(1, 3, 500));

TEST_P(DeadTimeOf, WholePeriodsGivesEveryValueOnUnchanged) {
  const int n = GetParam();
  test::NodeHarness sut("filter/dead_time", dead_time(0.001 * n));

  for (int k = 0; k < 3 * n + 5; ++k) {
    EXPECT_EQ(delayed(sut, 10.0 + k * k), k < n ? 10.0 : 10.0 + (k - n) * (k - n)) << k;
  }
}

TEST(DeadTime, BeginsWithZeroOnRequest) {
  test::NodeHarness sut("filter/dead_time", dead_time(0.002, "zero"));

  EXPECT_EQ(delayed(sut, 7.0), 0.0);
  EXPECT_EQ(delayed(sut, 8.0), 0.0);
  EXPECT_EQ(delayed(sut, 9.0), 7.0);
}

TEST(DeadTime, CountsSkippedReleases) {
  test::NodeHarness sut("filter/dead_time", dead_time(0.003));
  for (const double value : {1.0, 2.0, 3.0, 4.0}) delayed(sut, value);

  sut.send("input", Scalar{9.0});
  sut.step_after_skipping(1);  // The release at 4 ms; this is the one at 5 ms, 3 came at 2 ms.

  EXPECT_EQ(sut.sent<Scalar>("output")->value, 3.0);
  EXPECT_EQ(delayed(sut, 10.0), 4.0);
  EXPECT_EQ(delayed(sut, 11.0), 4.0) << "held over the release that was skipped";
  EXPECT_EQ(delayed(sut, 12.0), 9.0);
}

TEST(DeadTime, CountsALongStop) {
  test::NodeHarness sut("filter/dead_time", dead_time(0.003));
  for (const double value : {1.0, 2.0, 3.0}) delayed(sut, value);

  sut.send("input", Scalar{9.0});
  sut.step_after_skipping(1'000'000'000);

  EXPECT_EQ(sut.sent<Scalar>("output")->value, 3.0);
}

TEST(DeadTime, BeginsAnewAfterNaNAndAfterAStaleInput) {
  auto options = dead_time(0.002);
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 1500us; };
  test::NodeHarness sut("filter/dead_time", options);
  delayed(sut, 1.0);

  sut.send("input", Scalar{std::nan("")});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value()) << "refused at once";
  EXPECT_EQ(delayed(sut, 5.0), 5.0);
  sut.step();
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(delayed(sut, 8.0), 8.0);
}

TEST(DeadTime, StartsAgainWithWhatIsOnTheWay) {
  test::NodeHarness first("filter/dead_time", dead_time(0.002));
  for (const double value : {1.0, 2.0, 3.0}) delayed(first, value);
  auto options = dead_time(0.002);
  options.state = first.state();

  test::NodeHarness second("filter/dead_time", options);

  EXPECT_EQ(delayed(second, 4.0), 2.0);
  EXPECT_EQ(delayed(second, 5.0), 3.0);
  EXPECT_EQ(delayed(second, 6.0), 4.0);
}

TEST(DeadTime, BeginsAnewWithTheStateOfALongerOne) {
  test::NodeHarness longer("filter/dead_time", dead_time(0.005));
  for (const double value : {1.0, 2.0, 3.0, 4.0}) delayed(longer, value);
  auto options = dead_time(0.002);
  options.state = longer.state();

  test::NodeHarness sut("filter/dead_time", options);

  EXPECT_EQ(delayed(sut, 7.0), 7.0);
}

TEST(DeadTime, AllocatesNothingInAStep) {
  test::NodeHarness sut("filter/dead_time", dead_time(0.002));
  delayed(sut, 1.0);

  const test::AllocationGuard guard;
  sut.step();
  EXPECT_EQ(guard.calls(), 0U);
}

TEST(DeadTime, RefusesATimeThatItsPeriodDoesNotHold) {
  const auto error_of = [](double seconds) {
    const test::NodeHarness sut("filter/dead_time", dead_time(seconds));
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of(0.0), "delay is 0 s, 0 periods of 0.001 s");
  EXPECT_EQ(error_of(0.0015), "delay is 0.0015 s, 1.5 periods of 0.001 s");
  EXPECT_EQ(error_of(0.501), "delay is 0.501 s, 501 periods of 0.001 s");
  EXPECT_EQ(error_of(0.5), "none");
}

}  // namespace
}  // namespace takt::nodes::dead_time_test
