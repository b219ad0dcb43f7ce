// filter/voter: every combination of sensors that agree, differ and are missing.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/filter/two_of_three.hpp"

namespace takt::nodes::voter_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;
using Maybe = std::optional<double>;

constexpr Maybe kMissing = std::nullopt;

void expect_vote(const std::array<Maybe, 3>& values, Maybe value, Fault fault) {
  const Vote found = vote(values, 1.0);
  EXPECT_EQ(found.value, value);
  EXPECT_EQ(found.fault, fault);
}

TEST(TwoOfThree, TakesTheMiddleOneWhateverTheOrder) {
  expect_vote({1.0, 1.5, 2.0}, 1.5, Fault::none);
  expect_vote({1.5, 1.0, 2.0}, 1.5, Fault::none);
  expect_vote({2.0, 1.0, 1.5}, 1.5, Fault::none);
  expect_vote({-3.0, -3.0, -3.0}, -3.0, Fault::none);
}

TEST(TwoOfThree, NamesTheOneThatIsOut) {
  expect_vote({9.0, 1.0, 1.5}, 1.5, Fault::first);
  expect_vote({1.0, -9.0, 1.5}, 1.0, Fault::second);
  expect_vote({1.0, 1.5, 1e300}, 1.5, Fault::third);
}

TEST(TwoOfThree, AgreesUpToItsThreshold) {
  expect_vote({0.0, 1.0, 2.0}, 1.0, Fault::none);
  expect_vote({0.0, 1.0, 2.0000001}, 1.0, Fault::third);
}

TEST(TwoOfThree, HasNoMajorityWhenAllDiffer) {
  expect_vote({0.0, 5.0, 10.0}, kMissing, Fault::no_majority);
}

TEST(TwoOfThree, TakesTheMeanOfTwo) {
  expect_vote({kMissing, 1.0, 2.0}, 1.5, Fault::first);
  expect_vote({1.0, kMissing, 1.5}, 1.25, Fault::second);
  expect_vote({2.0, 2.0, kMissing}, 2.0, Fault::third);
  expect_vote({1.0, 3.0, kMissing}, kMissing, Fault::no_majority);
}

TEST(TwoOfThree, DoesNotTrustOneAlone) {
  expect_vote({1.0, kMissing, kMissing}, kMissing, Fault::no_majority);
  expect_vote({kMissing, kMissing, kMissing}, kMissing, Fault::no_majority);
}

TEST(TwoOfThree, StaysBetweenTheTwoThatAgreeWhateverTheThirdSays) {
  for (const Maybe third :
       {Maybe(-1e9), Maybe(-0.3), Maybe(0.4), Maybe(1.7), Maybe(1e9), kMissing}) {
    for (std::size_t at = 0; at < 3; ++at) {
      std::array<Maybe, 3> values;
      values[at] = third;
      values[(at + 1) % 3] = 0.0;
      values[(at + 2) % 3] = 0.9;
      const Vote found = vote(values, 1.0);
      ASSERT_TRUE(found.value.has_value());
      EXPECT_GE(*found.value, 0.0);
      EXPECT_LE(*found.value, 0.9);
    }
  }
}

test::HarnessOptions voting(double threshold = 1.0) {
  test::HarnessOptions options{.params = {{"threshold", threshold}}, .period = 10ms};
  options.adjust = [](NodeConfig& config) {
    for (auto& input : config.inputs) {
      input.max_age = 15ms;
      input.on_stale = OnStale::hold;
    }
  };
  return options;
}

struct Said {
  Maybe output;
  double fault = -1.0;
};
Said voted(test::NodeHarness& sut, const std::array<Maybe, 3>& values) {
  const std::array<const char*, 3> names{"a", "b", "c"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (values[i]) sut.send(names[i], Scalar{*values[i]});
  }
  EXPECT_EQ(sut.step(), Did::stepped);
  const auto output = sut.sent<Scalar>("output");
  return {output ? Maybe(output->value) : kMissing, sut.sent<Scalar>("fault")->value};
}

TEST(Voter, GoesOnWithTwoWhenOneGoesStaleAndStopsWithOne) {
  test::NodeHarness sut("filter/voter", voting());

  voted(sut, {1.0, 1.5, 1.7});
  const Said all = voted(sut, {1.0, 1.5, 1.7});
  const Said two = voted(sut, {1.0, kMissing, 1.7});
  const Said one = voted(sut, {1.0, kMissing, kMissing});
  const Said again = voted(sut, {1.0, 1.5, 1.7});

  EXPECT_EQ(all.output, 1.5);
  EXPECT_EQ(all.fault, 0.0);
  EXPECT_EQ(two.output, 1.35);
  EXPECT_EQ(two.fault, 2.0);
  EXPECT_EQ(one.output, kMissing);
  EXPECT_EQ(one.fault, 4.0);
  EXPECT_EQ(again.output, 1.5);
  EXPECT_EQ(again.fault, 0.0);
}

TEST(Voter, GoesOnWithoutASensorThatHasNeverCome) {
  test::NodeHarness sut("filter/voter", voting());

  const Said found = voted(sut, {kMissing, 2.0, 2.0});

  EXPECT_EQ(found.output, 2.0);
  EXPECT_EQ(found.fault, 1.0);
}

TEST(Voter, LeavesNaNAndInfinityOut) {
  test::NodeHarness sut("filter/voter", voting());

  EXPECT_EQ(voted(sut, {1.0, 1.0, std::nan("")}).fault, 3.0);
  EXPECT_EQ(voted(sut, {INFINITY, 1.0, 1.0}).fault, 1.0);
  EXPECT_EQ(sut.status().counters.non_finite.load(), 0U);
}

TEST(Voter, SaysAChangeOnce) {
  test::NodeHarness sut("filter/voter", voting());
  for (int i = 0; i < 3; ++i) voted(sut, {1.0, 1.0, 9.0});
  for (int i = 0; i < 3; ++i) voted(sut, {1.0, 5.0, 9.0});
  voted(sut, {1.0, 1.0, 1.0});

  const std::vector<std::string> expected{"warning: c is out",
                                          "error: no two of a, b and c agree: nothing is sent",
                                          "info: a, b and c agree"};
  EXPECT_EQ(sut.logged(), expected);
}

TEST(Voter, RefusesFewerInputsAndNoThreshold) {
  auto two = voting();
  two.unconnected = {"b"};
  const test::NodeHarness first("filter/voter", two);
  ASSERT_NE(first.error(), nullptr);
  EXPECT_EQ(first.error()->message, "two of three takes three inputs");

  const test::NodeHarness second("filter/voter", voting(0.0));
  ASSERT_NE(second.error(), nullptr);
  EXPECT_EQ(second.error()->message, "threshold is 0: nothing would ever agree");
}

}  // namespace
}  // namespace takt::nodes::voter_test
