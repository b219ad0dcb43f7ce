// filter/transfer_function: coefficients against published ones, steps against closed forms, and
// what the node does with wrong parameters, gaps and NaN.
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/filter/discrete_filter.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::transfer_function_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;
using Row = std::vector<double>;

struct Continuous {
  Row num, den;
};

Continuous system_named(const std::string& name) {
  constexpr double kPi = std::numbers::pi;
  const double w1 = 2 * kPi * 10, w2 = 2 * kPi * 20, wn = 2 * kPi * 50;
  const std::map<std::string, Continuous> systems{
      {"lead_200(s+2)/(s+50)", {{200, 400}, {1, 50}}},
      {"lp1_wc=2pi*10", {{1}, {1 / w1, 1}}},
      {"lp2_butter_wc=2pi*20", {{1}, {1 / (w2 * w2), std::sqrt(2.0) / w2, 1}}},
      {"notch_w=2pi*50_zeta.05/.7", {{1, 2 * .05 * wn, wn * wn}, {1, 2 * .7 * wn, wn * wn}}},
      {"dfilt_s/(0.01s+1)", {{1, 0}, {0.01, 1}}},
  };
  return systems.at(name);
}

// Right-aligned: the file leaves leading zeros out. Twelve digits are printed.
void expect_row(const Row& expected, const std::array<double, kFilterOrderMax + 1>& found,
                std::size_t order, const std::string& what) {
  ASSERT_LE(expected.size(), order + 1) << what;
  const std::size_t missing = order + 1 - expected.size();
  for (std::size_t i = 0; i <= order; ++i) {
    const double value = i < missing ? 0.0 : expected[i - missing];
    EXPECT_NEAR(found.at(i), value, 1e-11 * std::abs(value) + (value == 0.0 ? 1e-13 : 0.0))
        << what << " coefficient " << i;
  }
}

TEST(Discretisation, GivesThePublishedCoefficients) {
  std::ifstream file(test::data_folder() + "/vectors_c2d.csv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    const auto cells = split(line, ',');
    ASSERT_EQ(cells.size(), 5U);
    const Continuous system = system_named(cells[0]);
    const auto method = cells[2] == "zoh" ? Discretisation::zoh : Discretisation::tustin;

    const auto sut = discretise(system.num, system.den, std::stod(cells[1]), method);

    ASSERT_TRUE(sut.ok()) << line;
    expect_row(*parse_coefficients("num", cells[3], 9), sut->b, sut->order, line + ": num");
    expect_row(*parse_coefficients("den", cells[4], 9), sut->a, sut->order, line + ": den");
  }
  EXPECT_EQ(rows, 18);
}

// 1/(s+1)^8 and its step response, 1 - e^-t (1 + t + t^2/2 + ... + t^7/7!).
TEST(Discretisation, OfTheHighestOrderIsExactAtTheSamples) {
  const auto transfer = discretise({1}, {1, 8, 28, 56, 70, 56, 28, 8, 1}, 0.5, Discretisation::zoh);
  ASSERT_TRUE(transfer.ok());
  DiscreteFilter sut(*transfer);

  for (int k = 0; k < 40; ++k) {
    const double t = 0.5 * k;
    double sum = 0.0, term = 1.0;
    for (int i = 0; i < 8; term *= t / ++i) sum += term;
    EXPECT_NEAR(sut.step(1.0), 1.0 - std::exp(-t) * sum, 1e-9) << "at " << t;
  }
}

test::HarnessOptions with(const std::string& num, const std::string& den, Json more = {}) {
  Json params = {{"num", num}, {"den", den}};
  if (more.is_object()) params.update(more);
  return {.params = std::move(params), .period = 10ms};
}

double step(test::NodeHarness& sut, double input) {
  sut.send("input", Scalar{input});
  EXPECT_EQ(sut.step(), Did::stepped);
  const auto sent = sut.sent<Scalar>("output");
  return sent ? sent->value : std::nan("");
}

TEST(TransferFunction, BeginsSettledOnItsFirstInput) {
  test::NodeHarness low_pass("filter/transfer_function", with("10", "1 5"));
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(step(low_pass, 20.0), 40.0, 1e-12);

  test::NodeHarness rate("filter/transfer_function", with("1 0", "0.01 1"));
  EXPECT_NEAR(step(rate, 20.0), 0.0, 1e-12);
}

TEST(TransferFunction, FollowsTheClosedFormOfAStepFromZero) {
  test::NodeHarness sut("filter/transfer_function",
                        with("5", "1 5", {{"method", "zoh"}, {"start", "zero"}}));

  for (int k = 0; k < 100; ++k) {
    EXPECT_NEAR(step(sut, 1.0), 1.0 - std::exp(-5.0 * 0.01 * k), 1e-13) << k;
  }
}

TEST(TransferFunction, IntegratesFromZero) {
  test::NodeHarness sut("filter/transfer_function",
                        with("1", "1 0", {{"method", "zoh"}, {"start", "zero"}}));

  for (int k = 0; k < 100; ++k) EXPECT_NEAR(step(sut, 2.0), 0.02 * k, 1e-12);
}

TEST(TransferFunction, OfOrderZeroIsAGain) {
  test::NodeHarness sut("filter/transfer_function", with("3", "2"));

  EXPECT_DOUBLE_EQ(step(sut, 4.0), 6.0);
  EXPECT_DOUBLE_EQ(step(sut, -4.0), -6.0);
}

TEST(TransferFunction, BeginsAnewAfterNaNAndAfterAStaleInput) {
  auto options = with("1", "0.1 1");
  options.adjust = [](NodeConfig& config) { config.inputs[0].max_age = 15ms; };
  test::NodeHarness sut("filter/transfer_function", options);
  EXPECT_DOUBLE_EQ(step(sut, 1.0), 1.0);

  sut.send("input", Scalar{std::nan("")});
  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value()) << "NaN is refused";
  EXPECT_DOUBLE_EQ(step(sut, 5.0), 5.0);
  sut.step();
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_DOUBLE_EQ(step(sut, -3.0), -3.0);
}

TEST(TransferFunction, GoesOnWithoutABumpWhenItIsStartedAgain) {
  test::NodeHarness one_life("filter/transfer_function", with("1", "0.04 0.2 1"));
  test::NodeHarness first("filter/transfer_function", with("1", "0.04 0.2 1"));
  for (const double input : {0.0, 1.0, 1.0, 3.0}) {
    step(one_life, input);
    step(first, input);
  }
  auto options = with("1", "0.04 0.2 1");
  options.state = first.state();

  test::NodeHarness second("filter/transfer_function", options);

  EXPECT_EQ(step(second, 2.0), step(one_life, 2.0));
}

TEST(TransferFunction, RefusesParametersThatAreNoFilter) {
  const auto error_of = [](test::HarnessOptions options) {
    const test::NodeHarness sut("filter/transfer_function", std::move(options));
    return sut.error() == nullptr ? std::string("none") : sut.error()->message;
  };
  EXPECT_EQ(error_of(with("1 x", "1 2")), "num: 'x' is no number");
  EXPECT_EQ(error_of(with("1", "")), "den has 0 numbers");
  EXPECT_EQ(error_of(with("1", "1 2 3 4 5 6 7 8 9 10")), "den has 10 numbers");
  EXPECT_EQ(error_of(with("1 inf", "1 2")), "num: 'inf' is no number");
  EXPECT_EQ(error_of(with("1", "0 1")), "the first number of den is 0");
  EXPECT_EQ(error_of(with("1 2 3", "1 2")), "num has order 2 and den has order 1");
  EXPECT_EQ(error_of(with("1", "1 0")),
            "den ends with 0: the filter integrates and never settles");
  EXPECT_EQ(error_of(with("1", "1 -200")),
            "num and den give numbers beyond all bounds at this period");
  EXPECT_EQ(error_of(with("1, 2", "1,\t2")), "none");
}

}  // namespace
}  // namespace takt::nodes::transfer_function_test
