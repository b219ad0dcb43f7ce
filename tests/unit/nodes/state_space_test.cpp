// plant/state_space: steps against closed forms, and what the node makes of its matrices.
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <takt/sample/state_vector.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/plant/state_space_model.hpp"

namespace takt::nodes::state_space_test {
namespace {

using namespace std::chrono_literals;

test::HarnessOptions system_of(const std::string& a, const std::string& b, const std::string& c,
                               Json more = Json::object(), bool second_input = false) {
  Json params = {{"a", a}, {"b", b}, {"c", c}};
  params.update(more);
  test::HarnessOptions options{.params = std::move(params), .period = 10ms};
  if (!second_input) options.unconnected = {"u2"};
  return options;
}

double output_after(test::NodeHarness& sut, double u1) {
  sut.send("u1", Scalar{u1});
  sut.step();
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

TEST(StateSpace, FollowsTheClosedFormOfAFirstOrderStep) {
  test::NodeHarness sut("plant/state_space", system_of("-5", "5", "1"));
  ASSERT_EQ(sut.error(), nullptr);

  for (int k = 0; k < 200; ++k) {
    EXPECT_NEAR(output_after(sut, 1.0), 1.0 - std::exp(-0.05 * k), 1e-13) << k;
  }
}

TEST(StateSpace, FollowsTheClosedFormOfAnOscillator) {
  test::NodeHarness sut("plant/state_space", system_of("0 1; -400 0", "0; 400", "1 0"));
  ASSERT_EQ(sut.error(), nullptr);

  for (int k = 0; k < 1000; ++k) {
    EXPECT_NEAR(output_after(sut, 2.0), 2.0 - 2.0 * std::cos(0.2 * k), 1e-11) << k;
  }
}

// 1/(s+1)^8, the most states that there may be: 1 - e^-t (1 + t + ... + t^7/7!).
TEST(StateSpace, FollowsTheClosedFormOfEightStates) {
  std::string a, b, c;
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) a += j == i ? "-1 " : j == i - 1 ? "1 " : "0 ";
    a += i < 7 ? ";" : "";
    b += i == 0 ? "1" : ";0";
    c += i == 7 ? "1" : "0 ";
  }
  test::HarnessOptions options = system_of(a, b, c);
  options.period = 500ms;
  test::NodeHarness sut("plant/state_space", options);
  ASSERT_EQ(sut.error(), nullptr);

  for (int k = 0; k < 40; ++k) {
    const double t = 0.5 * k;
    double sum = 0.0, term = 1.0;
    for (int i = 0; i < 8; term *= t / ++i) sum += term;
    EXPECT_NEAR(output_after(sut, 1.0), 1.0 - std::exp(-t) * sum, 1e-13) << "at " << t;
    EXPECT_EQ(sut.sent<StateVector>("state")->x.size(), 8U);
  }
}

TEST(StateSpace, AddsASecondInputByItsColumn) {
  test::NodeHarness sut("plant/state_space", system_of("0", "1 -3", "1", Json::object(), true));
  ASSERT_EQ(sut.error(), nullptr);

  for (int k = 0; k < 5; ++k) {
    sut.send("u2", Scalar{0.5});
    EXPECT_NEAR(output_after(sut, 2.0), 0.01 * k * (2.0 - 1.5), 1e-15);
  }
}

TEST(StateSpace, TakesZeroForASecondInputThatIsNotConnected) {
  test::NodeHarness sut("plant/state_space", system_of("0", "1 -3", "1"));
  ASSERT_EQ(sut.error(), nullptr);
  output_after(sut, 2.0);

  EXPECT_NEAR(output_after(sut, 2.0), 0.02, 1e-15);
}

TEST(StateSpace, PassesItsInputThroughD) {
  test::NodeHarness sut("plant/state_space", system_of("0", "0", "1", {{"d", "4"}}));
  ASSERT_EQ(sut.error(), nullptr);

  EXPECT_EQ(output_after(sut, 2.0), 8.0);
}

TEST(StateSpace, BeginsWithItsInitialState) {
  test::NodeHarness sut("plant/state_space",
                        system_of("0 1; 0 0", "0; 1", "2 1", {{"initial", "3 -1"}}));
  ASSERT_EQ(sut.error(), nullptr);

  EXPECT_EQ(output_after(sut, 100.0), 5.0);
  EXPECT_NEAR(output_after(sut, 0.0), 2.0 * (3.0 - 0.01) - 1.0, 1e-15);
}

TEST(StateSpaceModel, AdvancesByPartsOfAPeriodAndOverALongPause) {
  StateSpaceMatrices m{.states = 1};
  m.a[0][0] = -2.0;
  m.b[0][0] = 2.0;
  const StateSpaceModel sut(m, 10ms);

  const PlantState parts = sut.advance(sut.advance({}, {1.0}, 4ms), {1.0}, 6ms);

  EXPECT_NEAR(parts[0], sut.advance({}, {1.0}, 10ms)[0], 1e-16);
  EXPECT_NEAR(sut.advance({}, {1.0}, 1h)[0], 1.0, 1e-12);
  EXPECT_EQ(sut.advance({0.5}, {1.0}, 0ns)[0], 0.5);
}

TEST(StateSpace, RefusesMatricesThatAreNoSystem) {
  const auto error_of = [](test::HarnessOptions options) {
    const test::NodeHarness sut("plant/state_space", std::move(options));
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of(system_of("0 1", "1", "1")), "a has 1 rows and 2 columns");
  EXPECT_EQ(error_of(system_of("0 1; 2", "1", "1")),
            "row 2 of a has 1 numbers and the rows before it 2");
  EXPECT_EQ(error_of(system_of("0 x; 0 0", "1", "1")), "a: 'x' is no number");
  EXPECT_EQ(error_of(system_of("0 1; 0 0", "0 1", "1 0")),
            "b has 1 rows and 2 columns and a makes it 2 rows");
  EXPECT_EQ(error_of(system_of("0", "1 2 3", "1")),
            "b has 1 rows and 3 columns and a makes it 1 rows");
  EXPECT_EQ(error_of(system_of("0", "1", "")), "c is empty");
  EXPECT_EQ(error_of(system_of("0", "1", "1 0")), "c has 2 numbers and a makes it 1");
  EXPECT_EQ(error_of(system_of("0", "1", "1", {{"d", "1 0"}})), "d has 2 numbers and b makes it 1");
  EXPECT_EQ(error_of(system_of("0", "1", "1", {{"initial", "1 0"}})),
            "initial has 2 numbers and a makes it 1");
  EXPECT_EQ(error_of(system_of("0", "1", "1", Json::object(), true)),
            "b has one column, but the input `u2` is connected");
  EXPECT_EQ(error_of(system_of("1e6", "1", "1")),
            "x' = A x + B u cannot be advanced by 0.01 s: it leaves the range of numbers");
}

}  // namespace
}  // namespace takt::nodes::state_space_test
