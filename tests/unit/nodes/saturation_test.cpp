// filter/saturation: the range, its ends, and what it does with numbers that are none.
#include <chrono>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/common/range.hpp"

namespace takt::nodes::saturation_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double limited(test::NodeHarness& sut, double input) {
  sut.send("input", Scalar{input});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

TEST(Saturation, PassesWhatIsInsideAndStopsAtItsEnds) {
  test::NodeHarness sut("filter/saturation", {.params = {{"min", -1.0}, {"max", 2.0}}});

  EXPECT_EQ(limited(sut, 0.5), 0.5);
  EXPECT_EQ(limited(sut, -1.0), -1.0);
  EXPECT_EQ(limited(sut, 2.0), 2.0);
  EXPECT_EQ(limited(sut, -1.0000001), -1.0);
  EXPECT_EQ(limited(sut, 1e300), 2.0);
  EXPECT_EQ(limited(sut, -kInfinity), -1.0);
}

TEST(Saturation, LimitsOneSideOnly) {
  test::NodeHarness sut("filter/saturation", {.params = {{"max", 2.0}}});

  EXPECT_EQ(limited(sut, -1e300), -1e300);
  EXPECT_EQ(limited(sut, 3.0), 2.0);
}

TEST(Saturation, OfNoWidthIsAConstant) {
  test::NodeHarness sut("filter/saturation", {.params = {{"min", 2.0}, {"max", 2.0}}});
  EXPECT_EQ(limited(sut, 7.0), 2.0);
}

TEST(Saturation, SendsNothingForNaNAndGoesOn) {
  test::NodeHarness sut("filter/saturation", {.params = {{"min", -1.0}}});

  sut.send("input", Scalar{std::nan("")});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  sut.send("input", Scalar{kInfinity});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value()) << "no limit on that side";
  EXPECT_EQ(sut.status().counters.non_finite.load(), 2U);
  EXPECT_EQ(limited(sut, -3.0), -1.0);
}

TEST(Saturation, SendsNothingWhileItsInputIsStale) {
  test::HarnessOptions options{.params = {{"min", 0.0}}, .period = 10ms};
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 5ms; };
  test::NodeHarness sut("filter/saturation", options);
  EXPECT_EQ(limited(sut, 1.0), 1.0);

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
}

TEST(Saturation, RefusesARangeThatIsNone) {
  const auto error_of = [](Json params) {
    const test::NodeHarness sut("filter/saturation", {.params = std::move(params)});
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of(Json::object()), "neither min nor max is given: nothing is limited");
  EXPECT_EQ(error_of({{"min", 1.0}, {"max", 0.0}}),
            "min is 1 and max is 0: no value lies between them");
}

}  // namespace
}  // namespace takt::nodes::saturation_test
