// filter/complementary: closed forms, angles that go round, gaps, NaN and a new start.
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

namespace takt::nodes::complementary_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kPi = std::numbers::pi;

test::HarnessOptions with(Json more = Json::object()) {
  Json params = {{"time_constant", 0.5}};
  params.update(more);
  return {.params = std::move(params), .period = 10ms};
}

double estimated(test::NodeHarness& sut, double angle, double rate) {
  sut.send("angle", Scalar{angle});
  sut.send("rate", Scalar{rate});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

TEST(Complementary, FollowsAnAngleAndARateThatAgreeWithoutError) {
  test::NodeHarness sut("filter/complementary", with());
  for (int k = 0; k < 500; ++k) {
    EXPECT_NEAR(estimated(sut, 1.0 + 0.3 * 0.01 * k, 0.3), 1.0 + 0.3 * 0.01 * k, 1e-12);
  }
}

// estimate(k) = b tau (1 - a^k), a = tau / (tau + h): the error settles on b tau.
TEST(Complementary, KeepsTheErrorOfADriftingRateAtItsTimeConstant) {
  test::NodeHarness sut("filter/complementary", with());
  const double a = 0.5 / 0.51;
  for (int k = 0; k < 1000; ++k) {
    EXPECT_NEAR(estimated(sut, 0.0, 0.2), 0.2 * 0.5 * (1.0 - std::pow(a, k)), 1e-12) << k;
  }
}

// A step of the angle alone goes in with the time constant: 1 - a^k.
TEST(Complementary, TakesAnAngleInWithItsTimeConstant) {
  test::NodeHarness sut("filter/complementary", with());
  estimated(sut, 0.0, 0.0);
  for (int k = 1; k < 500; ++k) {
    EXPECT_NEAR(estimated(sut, 1.0, 0.0), 1.0 - std::pow(0.5 / 0.51, k), 1e-12) << k;
  }
}

TEST(Complementary, CountsSkippedReleases) {
  test::NodeHarness sut("filter/complementary", with());
  estimated(sut, 0.0, 1.0);

  sut.send("angle", Scalar{0.0});
  sut.send("rate", Scalar{1.0});
  sut.step_after_skipping(4);

  EXPECT_NEAR(sut.sent<Scalar>("output")->value, 0.05 * 0.5 / 0.55, 1e-12);
}

TEST(Complementary, GoesRoundWhereAnglesDo) {
  test::NodeHarness sut("filter/complementary", with({{"wrap", true}}));
  EXPECT_NEAR(estimated(sut, kPi - 0.01, 1.0), kPi - 0.01, 1e-12);

  // 0.005 rad further, and over the edge twice.
  EXPECT_NEAR(estimated(sut, -kPi + 0.0, 1.0), kPi, 1e-12);
  const double beyond = estimated(sut, -kPi + 0.01, 1.0);
  EXPECT_NEAR(beyond, -kPi + 0.01, 1e-12);
  EXPECT_NEAR(estimated(sut, -kPi + 0.02 + 2 * kPi, 1.0), -kPi + 0.02, 1e-12);
}

TEST(Complementary, DoesNotGoRoundUnasked) {
  test::NodeHarness sut("filter/complementary", with());
  EXPECT_EQ(estimated(sut, 10.0, 0.0), 10.0);
}

TEST(Complementary, MovesByTheRateAloneWhileTheAngleIsStaleOnHold) {
  auto options = with();
  options.adjust = [](NodeConfig& config) {
    config.inputs.at(0).max_age = 5ms;
    config.inputs.at(0).on_stale = OnStale::hold;
  };
  test::NodeHarness sut("filter/complementary", options);
  estimated(sut, 0.0, 2.0);

  for (int k = 1; k < 10; ++k) {
    sut.send("rate", Scalar{2.0});
    ASSERT_EQ(sut.step(), Did::stepped);
    EXPECT_NEAR(sut.sent<Scalar>("output")->value, 0.02 * k, 1e-12);
  }
}

TEST(Complementary, BeginsAtTheAngleAfterAStaleInput) {
  auto options = with();
  options.adjust = [](NodeConfig& config) { config.inputs.at(0).max_age = 15ms; };
  test::NodeHarness sut("filter/complementary", options);
  estimated(sut, 0.0, 0.0);
  sut.step();
  EXPECT_EQ(sut.step(), Did::went_stale);

  EXPECT_EQ(estimated(sut, 3.0, 5.0), 3.0);
}

TEST(Complementary, KeepsItsEstimateOverNaN) {
  test::NodeHarness sut("filter/complementary", with());
  estimated(sut, 1.0, 0.0);
  for (const auto& [angle, rate] : {std::pair{std::nan(""), 0.0}, {1.0, std::nan("")}}) {
    sut.send("angle", Scalar{angle});
    sut.send("rate", Scalar{rate});
    sut.step();
    EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  }

  EXPECT_DOUBLE_EQ(estimated(sut, 1.0, 0.0), 1.0);
}

TEST(Complementary, StartsAgainWhereItWas) {
  test::NodeHarness first("filter/complementary", with());
  estimated(first, 0.0, 0.0);
  const double before = estimated(first, 1.0, 0.7);
  auto options = with();
  options.state = first.state();

  test::NodeHarness second("filter/complementary", options);

  EXPECT_EQ(estimated(second, 1.0, 0.7), before) << "no time has passed yet";
}

TEST(Complementary, RefusesATimeConstantOfNone) {
  const test::NodeHarness sut("filter/complementary", with({{"time_constant", 0.0}}));

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "time_constant is 0 s: the rate would never count");
}

}  // namespace
}  // namespace takt::nodes::complementary_test
