// controller/lqr, the node: what it computes from its texts, and what it does with states and
// references that are none.
#include <chrono>
#include <initializer_list>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "tests/support/allocation_guard.hpp"

namespace takt::nodes::lqr_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

StateVector state_of(std::initializer_list<double> values) {
  StateVector made{};
  for (const double value : values) made.x.push_back(value);
  return made;
}

// x' = u: K is the root of a quadratic equation. With q = r and h = 1 that of x^2 - x - 1 = 0.
Json integrator(Json more = Json::object()) {
  Json params = {{"a", "0"}, {"b", "1"}, {"q", "1"}, {"r", 1.0}};
  params.update(more);
  return params;
}
constexpr double kGain = 0.6180339887498949;  // x / (1 + x), x the golden ratio.

test::HarnessOptions without_reference(Json params, std::chrono::nanoseconds period = 1s) {
  return {.params = std::move(params), .period = period, .unconnected = {"reference"}};
}

TEST(Lqr, FeedsTheStateBackWithItsGain) {
  test::NodeHarness sut("controller/lqr", without_reference(integrator()));

  sut.send("state", state_of({3.0}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_NEAR(sut.sent<Scalar>("output")->value, -3.0 * kGain, 1e-13);
}

TEST(Lqr, SettlesOnTheReferenceThroughAComputedGain) {
  test::NodeHarness sut("controller/lqr",
                        {.params = integrator({{"a", "-1"}, {"c", "2"}}), .period = 100ms});
  const double f = std::exp(-0.1), g = 1.0 - f;

  double x = 0.0;
  for (int i = 0; i < 300; ++i) {
    sut.send("reference", Scalar{0.5});
    sut.send("state", state_of({x}));
    ASSERT_EQ(sut.step(), Did::stepped);
    x = f * x + g * sut.sent<Scalar>("output")->value;
  }

  EXPECT_NEAR(2.0 * x, 0.5, 1e-12);
}

TEST(Lqr, TakesTheGainOfTheReferenceAsGiven) {
  test::NodeHarness sut("controller/lqr", {.params = integrator({{"nbar", 3.0}}), .period = 1s});

  sut.send("reference", Scalar{2.0});
  sut.send("state", state_of({0.0}));
  sut.step();

  EXPECT_EQ(sut.sent<Scalar>("output")->value, 6.0);
}

TEST(Lqr, TakesMatricesAsRowsOrAsADiagonal) {
  const Json rows = {{"a", "0 1; 2 -3"}, {"b", "0; 1"}, {"q", "4 0; 0 1"}, {"r", 0.5}};
  const Json diagonal = {{"a", " 0, 1;2,-3 "}, {"b", "0 1"}, {"q", "diag(4, 1)"}, {"r", 0.5}};
  test::NodeHarness one("controller/lqr", without_reference(rows, 10ms));
  test::NodeHarness other("controller/lqr", without_reference(diagonal, 10ms));

  for (auto* sut : {&one, &other}) {
    sut->send("state", state_of({1.0, 0.5}));
    ASSERT_EQ(sut->step(), Did::stepped);
  }

  EXPECT_EQ(one.sent<Scalar>("output")->value, other.sent<Scalar>("output")->value);
}

// Eight integrators in a row would be hard for any machine; eight beside each other have one input
// each in life. Here seven decay by themselves.
TEST(Lqr, TakesEightStates) {
  const Json params = {{"a", "diag(0, -1, -2, -3, -4, -5, -6, -7)"},
                       {"b", "1 1 1 1 1 1 1 1"},
                       {"q", "diag(1, 1, 1, 1, 1, 1, 1, 1)"},
                       {"r", 1.0}};
  test::NodeHarness sut("controller/lqr", without_reference(params, 10ms));
  ASSERT_EQ(sut.error(), nullptr);

  sut.send("state", state_of({1, 1, 1, 1, 1, 1, 1, 1}));
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_LT(sut.sent<Scalar>("output")->value, -1.0);
}

TEST(Lqr, SaysItsGains) {
  test::NodeHarness sut("controller/lqr", {.params = integrator({{"c", "1"}}), .period = 1s});

  const std::vector<std::string> expected{"info: k1 = 0.618034", "info: nbar = 0.618034"};
  EXPECT_EQ(sut.logged(), expected);
}

TEST(Lqr, FailsWhenTheStateIsThatOfAnotherProcess) {
  for (const auto& wrong : {state_of({}), state_of({1.0, 2.0})}) {
    test::NodeHarness sut("controller/lqr", without_reference(integrator()));
    sut.logged();

    sut.send("state", wrong);

    EXPECT_EQ(sut.step(), Did::stopped);
    EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
    ASSERT_EQ(sut.logged().size(), 1U);
  }
}

TEST(Lqr, SendsNothingForNaNAndGoesOn) {
  test::NodeHarness sut("controller/lqr", without_reference(integrator()));

  sut.send("state", state_of({std::numeric_limits<double>::quiet_NaN()}));
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  EXPECT_EQ(sut.status().counters.non_finite.load(), 1U);

  sut.send("state", state_of({1.0}));
  sut.step();
  EXPECT_NEAR(sut.sent<Scalar>("output")->value, -kGain, 1e-13);
}

TEST(Lqr, SendsNothingWhileTheStateIsStale) {
  auto options = without_reference(integrator());
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 500ms; };
  test::NodeHarness sut("controller/lqr", options);
  sut.send("state", state_of({1.0}));
  ASSERT_EQ(sut.step(), Did::stepped);
  sut.sent<Scalar>("output");

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
}

TEST(Lqr, AllocatesNothingInAStep) {
  test::NodeHarness sut("controller/lqr", without_reference(integrator()));
  sut.send("state", state_of({1.0}));
  sut.step();

  const test::AllocationGuard guard;
  sut.step();
  EXPECT_EQ(guard.calls(), 0U);
}

TEST(Lqr, RefusesTextsThatDoNotFit) {
  const auto error_of = [](Json more, bool connected = false) {
    test::HarnessOptions options{.params = integrator(std::move(more)), .period = 1s};
    if (!connected) options.unconnected = {"reference"};
    const test::NodeHarness sut("controller/lqr", options);
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of({{"a", "0 1"}}), "a is 1 x 2");
  EXPECT_EQ(error_of({{"a", "0 1; 2"}}), "row 2 of a has 1 numbers and the rows before it 2");
  EXPECT_EQ(error_of({{"a", "0;"}}), "a has 0 numbers");
  EXPECT_EQ(error_of({{"a", ""}}), "a has 0 numbers");
  EXPECT_EQ(error_of({{"a", "x"}}), "a: 'x' is no number");
  EXPECT_EQ(error_of({{"a", "diag(1 2 3 4 5 6 7 8 9)"}}), "a has 9 numbers");
  EXPECT_EQ(error_of({{"a", "0;0;0;0;0;0;0;0;0"}}), "a has more than 8 rows");
  EXPECT_EQ(error_of({{"b", "1 2"}}), "b has 2 numbers and a is 1 x 1");
  EXPECT_EQ(error_of({{"b", "1 2; 3 4"}}), "b has 2 rows of 2 numbers");
  EXPECT_EQ(error_of({{"q", "diag(1 1)"}}), "q is 2 x 2 and a is 1 x 1");
  EXPECT_EQ(error_of({{"q", "-1"}}), "q is not positive semidefinite");
  EXPECT_EQ(error_of({{"a", "0 1; 0 0"}, {"b", "0 1"}, {"q", "1 0.1; 0 1"}}), "q is not symmetric");
  EXPECT_EQ(error_of({{"r", 0.0}}), "r is 0: the weight of the input is above 0");
  EXPECT_EQ(error_of({{"b", "0"}}),
            "the pair a, b is not stabilisable at this period: whatever the input does, state 1 "
            "does not come to rest");
  EXPECT_EQ(error_of({{"q", "0"}}),
            "q does not weigh what state 1 does, which does not come to rest by itself");
  EXPECT_EQ(error_of({{"c", "1"}}), "c is given, but the input `reference` is not connected");
  EXPECT_EQ(error_of({{"nbar", 1.0}}), "nbar is given, but the input `reference` is not connected");
  EXPECT_EQ(error_of(Json::object(), true), "the input `reference` is connected, but has no gain");
  EXPECT_EQ(error_of({{"c", "1"}, {"nbar", 1.0}}, true), "both c and nbar are given");
  EXPECT_EQ(error_of({{"c", "0"}}, true), "what c names settles on 0 whatever the input is");
  EXPECT_EQ(error_of(Json::object()), "none");
}

}  // namespace
}  // namespace takt::nodes::lqr_test
