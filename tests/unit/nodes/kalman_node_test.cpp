// filter/kalman, the node: measurements that are missing, gaps, NaN, a new start, wrong texts.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "tests/support/allocation_guard.hpp"

namespace takt::nodes::kalman_node_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

// A random walk: x' = w of density 1; a measurement of variance 1; nothing else is known.
Json random_walk(Json more = Json::object()) {
  Json params = {{"a", "0"}, {"c", "1"}, {"q", "1"}, {"r", "1"}, {"p0", "1"}};
  params.update(more);
  return params;
}
test::HarnessOptions walking(Json more = Json::object()) {
  return {
      .params = random_walk(std::move(more)), .period = 1s, .unconnected = {"y2", "y3", "y4", "u"}};
}

struct Estimate {
  double x = std::nan("");
  double variance = std::nan("");
};
Estimate taken(test::NodeHarness& sut) {
  const auto state = sut.sent<StateVector>("state");
  const auto deviation = sut.sent<StateVector>("deviation");
  if (!state || !deviation) return {};
  return {state->x[0], deviation->x[0] * deviation->x[0]};
}
Estimate estimated(test::NodeHarness& sut, double y) {
  sut.send("y1", Scalar{y});
  EXPECT_EQ(sut.step(), Did::stepped);
  return taken(sut);
}

TEST(KalmanNode, BeginsWithWhatIsKnown) {
  test::NodeHarness sut("filter/kalman", walking({{"x0", "4"}, {"p0", "3"}}));

  const auto first = estimated(sut, 8.0);

  EXPECT_NEAR(first.x, 4.0 + 0.75 * 4.0, 1e-12);
  EXPECT_NEAR(first.variance, 0.75, 1e-12);
}

TEST(KalmanNode, OnlyPredictsWithoutANewMeasurement) {
  test::NodeHarness sut("filter/kalman", walking());
  const auto before = estimated(sut, 2.0);

  ASSERT_EQ(sut.step(), Did::stepped);
  const auto after = taken(sut);

  EXPECT_NEAR(after.x, before.x, 1e-12);
  EXPECT_NEAR(after.variance, before.variance + 1.0, 1e-12);
}

TEST(KalmanNode, LeavesNaNAndInfinityOut) {
  test::NodeHarness sut("filter/kalman", walking());
  const auto before = estimated(sut, 2.0);

  const auto nan = estimated(sut, std::nan(""));
  const auto infinite = estimated(sut, INFINITY);

  EXPECT_NEAR(nan.x, before.x, 1e-12);
  EXPECT_NEAR(infinite.variance, before.variance + 2.0, 1e-12);
}

TEST(KalmanNode, PredictsSkippedReleases) {
  test::NodeHarness sut("filter/kalman", walking());
  const auto before = estimated(sut, 2.0);

  sut.step_after_skipping(4);

  EXPECT_NEAR(taken(sut).variance, before.variance + 5.0, 1e-12);
}

TEST(KalmanNode, BeginsAnewAfterALongStop) {
  test::NodeHarness sut("filter/kalman", walking());
  for (int i = 0; i < 5; ++i) estimated(sut, 2.0);

  sut.step_after_skipping(99);
  EXPECT_GT(taken(sut).variance, 100.0) << "100 predictions";
  sut.step_after_skipping(100);
  EXPECT_NEAR(taken(sut).variance, 1.0, 1e-12) << "p0";
}

TEST(KalmanNode, GoesOnPredictingWhileItsMeasurementIsStale) {
  auto options = walking();
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 1500ms; };
  test::NodeHarness sut("filter/kalman", options);
  estimated(sut, 2.0);
  sut.step();
  const auto before = taken(sut);

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_FALSE(sut.sent<StateVector>("state").has_value());
  EXPECT_EQ(sut.step(), Did::went_stale);
  const auto after = estimated(sut, before.x);

  const double predicted = before.variance + 3.0;
  EXPECT_NEAR(after.variance, predicted / (predicted + 1.0), 1e-12);
}

TEST(KalmanNode, MovesWithItsInputAndHoldsItOverNaN) {
  test::NodeHarness sut("filter/kalman",
                        {.params = random_walk({{"b", "2"}, {"q", "0"}, {"p0", "0"}}),
                         .period = 1s,
                         .unconnected = {"y2", "y3", "y4"}});
  estimated(sut, 0.0);

  sut.send("u", Scalar{0.5});
  EXPECT_NEAR(estimated(sut, 0.0).x, 1.0, 1e-12);
  sut.send("u", Scalar{std::nan("")});
  EXPECT_NEAR(estimated(sut, 0.0).x, 2.0, 1e-12);
}

TEST(KalmanNode, TakesADiscreteProcessAsItIs) {
  test::NodeHarness sut(
      "filter/kalman",
      walking({{"domain", "discrete"}, {"a", "0.5"}, {"q", "0"}, {"p0", "0"}, {"x0", "8"}}));
  EXPECT_NEAR(estimated(sut, 0.0).x, 8.0, 1e-12);
  EXPECT_NEAR(estimated(sut, 0.0).x, 4.0, 1e-12);
}

TEST(KalmanNode, BeginsAnewWhenItsEstimateLeavesTheRangeOfNumbers) {
  test::NodeHarness sut("filter/kalman",
                        walking({{"domain", "discrete"}, {"a", "1e200"}, {"x0", "1"}}));
  estimated(sut, 1.0);
  sut.step();
  sut.step();
  sut.step();
  EXPECT_GT(sut.status().counters.non_finite.load(), 0U);
  EXPECT_FALSE(std::isnan(estimated(sut, 1.0).x));
}

TEST(KalmanNode, GoesOnWithoutABumpWhenItIsStartedAgain) {
  const Json params = {
      {"a", "0 1; 0 0"}, {"c", "1 0"}, {"q", "diag(0, 1)"}, {"r", "0.1"}, {"p0", "2 0.5; 0.5 1"}};
  test::HarnessOptions options{
      .params = params, .period = 10ms, .unconnected = {"y2", "y3", "y4", "u"}};
  test::NodeHarness one_life("filter/kalman", options);
  test::NodeHarness first("filter/kalman", options);
  for (const double y : {0.0, 1.0, 1.5, 3.0}) {
    estimated(one_life, y);
    estimated(first, y);
  }
  options.state = first.state();

  test::NodeHarness second("filter/kalman", options);

  for (const double y : {3.0, 4.0}) {
    const auto expected = estimated(one_life, y), found = estimated(second, y);
    EXPECT_EQ(found.x, expected.x);
    EXPECT_EQ(found.variance, expected.variance);
  }
}

TEST(KalmanNode, AllocatesNothingInAStep) {
  test::NodeHarness sut("filter/kalman", walking());
  estimated(sut, 1.0);
  sut.send("y1", Scalar{2.0});

  const test::AllocationGuard guard;
  sut.step();
  EXPECT_EQ(guard.calls(), 0U);
}

TEST(KalmanNode, TakesTheLargestProcess) {
  const std::string ones = "1 1 1 1 1 1 1 1";
  test::NodeHarness sut("filter/kalman",
                        {.params = {{"a", "diag(-1, -2, -3, -4, -5, -6, -7, -8)"},
                                    {"b", ones},
                                    {"c", ones + ";" + ones + ";" + ones + ";" + ones},
                                    {"q", "diag(" + ones + ")"},
                                    {"r", "1 1 1 1"},
                                    {"p0", "diag(" + ones + ")"}},
                         .period = 10ms});
  ASSERT_EQ(sut.error(), nullptr);

  for (const char* name : {"y1", "y2", "y3", "y4", "u"}) sut.send(name, Scalar{1.0});
  ASSERT_EQ(sut.step(), Did::stepped);

  // Four equal sensors of variance 1 are one of variance 1/4; the eight states share alike.
  const auto state = sut.sent<StateVector>("state");
  ASSERT_EQ(state->x.size(), 8U);
  for (const double x : state->x) EXPECT_NEAR(x, 1.0 / 8.25, 1e-12);
}

TEST(KalmanNode, RefusesTextsThatDoNotFit) {
  const auto error_of = [](Json more, std::vector<std::string> left_out = {"y2", "y3", "y4", "u"}) {
    const test::NodeHarness sut(
        "filter/kalman",
        {.params = random_walk(std::move(more)), .period = 1s, .unconnected = std::move(left_out)});
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of(Json::object()), "none");
  EXPECT_EQ(error_of({{"a", "0 1"}}), "a is 1 x 2");
  EXPECT_EQ(error_of({{"c", "1 0"}}), "c is 1 x 2 and a is 1 x 1");
  EXPECT_EQ(error_of({{"c", "1;1;1;1;1"}}), "c is 5 x 1 and a is 1 x 1");
  EXPECT_EQ(error_of({{"c", "1; 1"}, {"r", "1 1"}}),
            "c has 2 rows, but the input `y2` is not connected");
  EXPECT_EQ(error_of(Json::object(), {"y3", "y4", "u"}),
            "c has 1 rows, but the input `y2` is connected");
  EXPECT_EQ(error_of({{"r", "1 1"}}), "r has 2 numbers and c has 1 rows");
  EXPECT_EQ(error_of({{"r", "0"}}), "the variance 0 of measurement 1 is not above 0");
  EXPECT_EQ(error_of({{"q", "-1"}}), "q is not positive semidefinite");
  EXPECT_EQ(error_of({{"p0", "diag(1 1)"}}), "p0 is 2 x 2 and a is 1 x 1");
  EXPECT_EQ(error_of({{"x0", "1 2"}}), "x0 has 2 numbers and a is 1 x 1");
  EXPECT_EQ(error_of({{"b", "1"}}), "b is given, but the input `u` is not connected");
  EXPECT_EQ(error_of(Json::object(), {"y2", "y3", "y4"}),
            "the input `u` is connected, but b is not given");
  EXPECT_EQ(error_of({{"a", "1e5"}}), "a, b and q give numbers beyond all bounds at this period");
}

}  // namespace
}  // namespace takt::nodes::kalman_node_test
