// filter/low_pass and filter/lead_lag: the oracle's difference equations, frequency responses, and
// what the nodes do with wrong parameters, gaps, NaN and a new start.
#include <chrono>
#include <cmath>
#include <complex>
#include <fstream>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/filter/low_pass_design.hpp"
#include "tests/support/allocation_guard.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::named_filters_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;
using Row = std::vector<double>;

double filtered(test::NodeHarness& sut, double input) {
  sut.send("input", Scalar{input});
  EXPECT_EQ(sut.step(), Did::stepped);
  return sut.sent<Scalar>("output").value_or(Scalar{std::nan("")}).value;
}

struct Named {
  const char* in_the_file;
  const char* type;
  Json params;
};
const std::vector<Named>& named_filters() {
  static const std::vector<Named> filters{
      {"lead_200(s+2)/(s+50)", "filter/lead_lag", {{"gain", 200.0}, {"zero", 2.0}, {"pole", 50.0}}},
      {"lp1_wc=2pi*10", "filter/low_pass", {{"cutoff", 10.0}}},
      {"lp1_wc=2pi*10", "filter/low_pass", {{"omega", 20.0 * std::numbers::pi}}},
      {"lp2_butter_wc=2pi*20", "filter/low_pass", {{"cutoff", 20.0}, {"order", 2}}},
  };
  return filters;
}

// b0 u(k) + b1 u(k-1) + ... - a1 y(k-1) - ..., from rest; leading zeros of b are left out.
Row difference_equation(Row b, const Row& a, const Row& u) {
  b.insert(b.begin(), a.size() - b.size(), 0.0);
  Row y;
  for (std::size_t k = 0; k < u.size(); ++k) {
    double next = 0.0;
    for (std::size_t i = 0; i < a.size() && i <= k; ++i) {
      next += b[i] * u[k - i] - (i > 0 ? a[i] * y[k - i] : 0.0);
    }
    y.push_back(next);
  }
  return y;
}

TEST(NamedFilters, FollowTheDifferenceEquationsOfTheOracle) {
  std::mt19937_64 random(7);
  Row input;
  for (int i = 0; i < 200; ++i) input.push_back(std::uniform_real_distribution(-1.0, 1.0)(random));
  std::ifstream file(test::data_folder() + "/vectors_c2d.csv");
  std::string line;
  std::getline(file, line);
  int compared = 0;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    for (const Named& filter : named_filters()) {
      if (cells.at(0) != filter.in_the_file) continue;
      Json params = filter.params;
      params.update({{"method", cells.at(2)}, {"start", "zero"}});
      const std::chrono::duration<double> period(std::stod(cells.at(1)));
      test::NodeHarness sut(
          filter.type,
          {.params = params, .period = std::chrono::round<std::chrono::nanoseconds>(period)});
      ASSERT_EQ(sut.error(), nullptr) << line;

      const Row expected = difference_equation(*parse_coefficients("num", cells.at(3), 9),
                                               *parse_coefficients("den", cells.at(4), 9), input);
      for (std::size_t k = 0; k < input.size(); ++k) {
        // Twelve digits are printed; the lead multiplies by up to 200.
        ASSERT_NEAR(filtered(sut, input[k]), expected[k], 2e-8) << line << " at " << k;
      }
      ++compared;
    }
  }
  EXPECT_EQ(compared, 16);
}

double magnitude_at(const DiscreteTransfer& t, double omega_h) {
  std::complex<double> above, below;
  for (std::size_t i = 0; i <= t.order; ++i) {
    const auto z = std::polar(1.0, -omega_h * static_cast<double>(i));
    above += t.b[i] * z;
    below += t.a[i] * z;
  }
  return std::abs(above / below);
}

TEST(LowPass, HasItsCutoffInPlaceWhenItIsPrewarped) {
  const double h = 0.001, w = 2 * std::numbers::pi * 400.0;
  for (const std::int64_t order : {1, 2}) {
    LowPassSettings settings{.order = order, .omega = w, .damping = 1 / std::sqrt(2.0)};
    const auto plain = design_low_pass(settings, h);
    settings.prewarped = true;
    const auto exact = design_low_pass(settings, h);

    const auto of = [&](const LowPass& filter) {
      return magnitude_at(*discretise(filter.num, filter.den, h, Discretisation::tustin), w * h);
    };
    EXPECT_NEAR(of(*exact), std::sqrt(0.5), 1e-12);
    EXPECT_LT(of(*plain), 0.4) << "as far up the axis is bent";
  }
}

TEST(LowPass, MovesItsCutoffByEightPercentAtASixthOfTheRate) {
  const double h = 0.001, w = 2 * std::numbers::pi / (6 * h);
  const auto filter = design_low_pass({.order = 1, .omega = w}, h);
  const auto t = discretise(filter->num, filter->den, h, Discretisation::tustin);

  EXPECT_NEAR(magnitude_at(*t, 2 * std::atan(w * h / 2)), std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(2 * std::atan(w * h / 2) / (w * h), 0.92, 0.005);
}

// The step response of a resonance: the first overshoot is exp(-pi d / sqrt(1 - d^2)).
TEST(LowPass, OvershootsAsItsDampingSays) {
  const double d = 0.3;
  test::NodeHarness sut("filter/low_pass", {.params = {{"omega", 10.0},
                                                       {"order", 2},
                                                       {"damping", d},
                                                       {"method", "zoh"},
                                                       {"start", "zero"}},
                                            .period = 1ms});
  double peak = 0.0;
  for (int i = 0; i < 1000; ++i) peak = std::max(peak, filtered(sut, 1.0));

  EXPECT_NEAR(peak, 1.0 + std::exp(-std::numbers::pi * d / std::sqrt(1 - d * d)), 1e-5);
}

TEST(LowPass, LeavesWhatStandsStillAlone) {
  test::NodeHarness sut("filter/low_pass",
                        {.params = {{"cutoff", 5.0}, {"order", 2}}, .period = 10ms});
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(filtered(sut, 20.0), 20.0, 1e-11);
}

TEST(LeadLag, MultipliesWhatStandsStillByItsGainAtRest) {
  test::NodeHarness lag("filter/lead_lag",
                        {.params = {{"zero", 10.0}, {"pole", 1.0}, {"gain", 0.5}}, .period = 10ms});
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(filtered(lag, 2.0), 10.0, 1e-12);

  test::NodeHarness washout("filter/lead_lag",
                            {.params = {{"zero", 0.0}, {"pole", 1.0}}, .period = 10ms});
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(filtered(washout, 2.0), 0.0, 1e-12);
}

test::HarnessOptions a_low_pass(Json more = Json::object()) {
  Json params = {{"order", 2}};
  params.update(more.contains("cutoff") || more.contains("omega") ? Json::object()
                                                                  : Json{{"cutoff", 2.0}});
  params.update(more);
  return {.params = std::move(params), .period = 10ms};
}

TEST(LowPass, BeginsAnewAfterNaNAndAfterAStaleInput) {
  auto options = a_low_pass();
  options.adjust = [](NodeConfig& config) { config.inputs[0].max_age = 15ms; };
  test::NodeHarness sut("filter/low_pass", options);
  EXPECT_NEAR(filtered(sut, 1.0), 1.0, 1e-12);

  sut.send("input", Scalar{std::nan("")});
  sut.step();
  EXPECT_FALSE(sut.sent<Scalar>("output").has_value()) << "NaN is refused";
  EXPECT_NEAR(filtered(sut, 5.0), 5.0, 1e-11);
  sut.step();
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_NEAR(filtered(sut, -3.0), -3.0, 1e-11);
}

TEST(LowPass, GoesOnWithoutABumpWhenItIsStartedAgain) {
  test::NodeHarness one_life("filter/low_pass", a_low_pass());
  test::NodeHarness first("filter/low_pass", a_low_pass());
  for (const double input : {0.0, 1.0, 1.0, 3.0}) {
    filtered(one_life, input);
    filtered(first, input);
  }
  auto options = a_low_pass();
  options.state = first.state();

  test::NodeHarness second("filter/low_pass", options);

  EXPECT_EQ(filtered(second, 2.0), filtered(one_life, 2.0));
}

TEST(LowPass, AllocatesNothingInAStep) {
  test::NodeHarness sut("filter/low_pass", a_low_pass());
  filtered(sut, 1.0);

  const test::AllocationGuard guard;
  sut.step();
  EXPECT_EQ(guard.calls(), 0U);
}

std::string error_of(const char* type, test::HarnessOptions options) {
  const test::NodeHarness sut(type, std::move(options));
  return sut.error() == nullptr ? std::string("none") : sut.error()->message;
}

TEST(LowPass, RefusesParametersThatAreNoFilter) {
  const char* const type = "filter/low_pass";
  EXPECT_EQ(error_of(type, {.period = 10ms}), "there is no cut-off");
  EXPECT_EQ(error_of(type, a_low_pass({{"cutoff", 1.0}, {"omega", 1.0}})),
            "both cutoff and omega are given");
  EXPECT_EQ(error_of(type, a_low_pass({{"cutoff", 50.0}})),
            "the cut-off of 314.159 rad/s (50 Hz) is not between 0 and half of the sampling rate, "
            "314.159 rad/s (50 Hz)");
  EXPECT_EQ(error_of(type, a_low_pass({{"order", 1}, {"damping", 0.5}})),
            "damping is 0.5, but a filter of order 1 has none");
  EXPECT_EQ(error_of(type, a_low_pass({{"cutoff", 49.99}, {"damping", 0.01}})), "none");
  EXPECT_EQ(error_of(type, a_low_pass({{"omega", 1e-3}, {"damping", 100.0}})), "none");
}

TEST(LeadLag, RefusesAPoleThatIsNone) {
  const auto with = [](double zero, double pole) {
    return test::HarnessOptions{.params = {{"zero", zero}, {"pole", pole}}, .period = 10ms};
  };
  EXPECT_EQ(error_of("filter/lead_lag", with(1.0, 0.0)),
            "pole is 0 rad/s: the filter would never settle");
  EXPECT_EQ(error_of("filter/lead_lag", with(1.0, -2.0)),
            "pole is -2 rad/s: the filter would never settle");
  EXPECT_EQ(error_of("filter/lead_lag", with(0.0, 1e-6)), "none");
}

}  // namespace
}  // namespace takt::nodes::named_filters_test
