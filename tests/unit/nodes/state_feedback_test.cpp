// controller/state_feedback: the sum, and what it does with states and references that are none.
#include <chrono>
#include <initializer_list>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

namespace takt::nodes::state_feedback_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

StateVector vector_of(std::initializer_list<double> values) {
  StateVector made{};
  for (const double value : values) made.x.push_back(value);
  return made;
}

test::HarnessOptions with(Json params) {
  return {.params = std::move(params), .unconnected = {"reference"}};
}

TEST(StateFeedback, SubtractsTheWeightedStates) {
  test::NodeHarness sut("controller/state_feedback", with({{"k1", 2.0}, {"k2", -0.5}}));

  sut.send("state", vector_of({3.0, 4.0}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.sent<Scalar>("output")->value, -2.0 * 3.0 + 0.5 * 4.0);
}

TEST(StateFeedback, UsesAllEightGains) {
  Json params;
  for (int i = 1; i <= 8; ++i) params["k" + std::to_string(i)] = 1.0 * i;
  test::NodeHarness sut("controller/state_feedback", with(params));

  sut.send("state", vector_of({1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.sent<Scalar>("output")->value, -87654321.0);
}

TEST(StateFeedback, AddsTheReferenceTimesItsGain) {
  test::NodeHarness sut("controller/state_feedback",
                        {.params = {{"k1", 1.0}, {"nbar", 3.0}}, .period = 10ms});

  sut.send("reference", Scalar{2.0});
  sut.send("state", vector_of({0.5}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.sent<Scalar>("output")->value, 5.5);
}

TEST(StateFeedback, PassesOverStatesBehindTheLastGain) {
  test::NodeHarness sut("controller/state_feedback", with({{"k2", 1.0}}));

  sut.send("state", vector_of({7.0, 2.0, kNan}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.sent<Scalar>("output").value_or(Scalar{kNan}).value, -2.0);
}

TEST(StateFeedback, FailsWhenTheStateIsShorterThanItsGains) {
  test::NodeHarness sut("controller/state_feedback", with({{"k3", 1.0}}));

  sut.send("state", vector_of({1.0, 2.0}));

  EXPECT_EQ(sut.step(), Did::stopped);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  ASSERT_EQ(sut.logged().size(), 1U);
}

TEST(StateFeedback, SendsNothingForANumberThatIsNoneAndGoesOn) {
  test::NodeHarness sut("controller/state_feedback", with({{"k1", 1.0}, {"k2", 1.0}}));

  sut.send("state", vector_of({1.0, kNan}));
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  EXPECT_EQ(sut.status().counters.non_finite.load(), 1U);

  sut.send("state", vector_of({1.0, 1.0}));
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("output")->value, -2.0);
}

TEST(StateFeedback, SendsNothingWhileTheStateIsStale) {
  auto options = with({{"k1", 1.0}});
  options.period = 10ms;
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 5ms; };
  test::NodeHarness sut("controller/state_feedback", options);
  sut.send("state", vector_of({1.0}));
  ASSERT_EQ(sut.step(), Did::stepped);
  sut.sent<Scalar>("output");

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
}

TEST(StateFeedback, RefusesToStartWithoutAGain) {
  const test::NodeHarness sut("controller/state_feedback", with(Json::object()));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_NE(sut.error()->message.find("every gain is 0"), std::string::npos);
}

TEST(StateFeedback, RefusesAGainForAReferenceThatIsNotConnected) {
  const test::NodeHarness sut("controller/state_feedback", with({{"k1", 1.0}, {"nbar", 1.0}}));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_NE(sut.error()->message.find("`reference` is not connected"), std::string::npos);
}

}  // namespace
}  // namespace takt::nodes::state_feedback_test
