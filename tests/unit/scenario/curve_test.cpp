// Curves of plots: no spike is lost, gaps stay gaps, axes have readable ticks.
#include "runtime/scenario/report/curve.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

SignalRecord noise_of(std::size_t count) {
  SignalRecord signal;
  signal.name = "noise";
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    signal.t_ns.push_back(static_cast<std::int64_t>(i) * 1'000'000);
    signal.values.push_back(static_cast<double>(state >> 40) / 16777216.0);
  }
  return signal;
}

TEST(Thinned, KeepsEverySampleWhereTheyAreFew) {
  EXPECT_EQ(thinned(noise_of(8000), {0.0, 8.0}).size(), 8000u);
}

TEST(Thinned, KeepsEverySpikeOfAMillionSamples) {
  SignalRecord sut = noise_of(1'000'000);
  const std::vector<std::size_t> spikes{0, 123'456, 123'457, 500'000, 999'999};
  for (const std::size_t i : spikes) sut.values[i] = i % 2 == 0 ? 10.0 : -10.0;

  const auto kept = thinned(sut, {0.0, 1000.0});

  EXPECT_LE(kept.size(), 4 * kCurveParts + 8);
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  for (const std::size_t spike : spikes) {
    EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), spike)) << spike;
  }
}

TEST(Thinned, KeepsTheSmallestAndTheLargestOfEveryPart) {
  const SignalRecord sut = noise_of(400'000);  // A hundred samples a part.
  const auto kept = thinned(sut, {0.0, 400.0});
  for (std::size_t part = 0; part < kCurveParts; part += 97) {
    const auto begin = sut.values.begin() + static_cast<std::ptrdiff_t>(part * 100);
    const auto [low, high] = std::minmax_element(begin, begin + 100);
    for (const auto extreme : {low, high}) {
      const auto i = static_cast<std::size_t>(extreme - sut.values.begin());
      EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), i)) << i;
    }
  }
}

TEST(Thinned, KeepsAGapAndTheExtremesBesideIt) {
  SignalRecord sut = noise_of(400'000);
  sut.values[200] = kNan;  // The first of its part.
  sut.values[250] = 7.0;
  sut.values[251] = -7.0;
  const auto kept = thinned(sut, {0.0, 400.0});
  for (const std::size_t i : {200U, 250U, 251U}) {
    EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), i)) << i;
  }
}

TEST(PathOf, IsAStaircaseThatIsHeldUntilTheEnd) {
  const SignalRecord sut = test::signal_of("a", "", {0, 1000, 2000}, {0.0, 10.0, 10.0});
  EXPECT_EQ(path_of(sut, {0.0, 4.0}, {0.0, 10.0}), "M0 100000h250000v-100000h250000H1000000");
}

TEST(PathOf, GoesStraightWhereTheSignalWasDrivenSo) {
  SignalRecord sut = test::signal_of("a", "", {0, 1000, 2000}, {0.0, 10.0, 5.0});
  sut.interpolates = true;
  EXPECT_EQ(path_of(sut, {0.0, 4.0}, {0.0, 10.0}), "M0 100000l250000 -100000l250000 50000H1000000");
}

TEST(PathOf, LeavesAGapWhereThereIsNoNumber) {
  const SignalRecord sut = test::signal_of("a", "", {0, 1000, 2000, 3000}, {0.0, kNan, kNan, 5.0});
  EXPECT_EQ(path_of(sut, {0.0, 4.0}, {0.0, 10.0}), "M0 100000h250000M750000 50000H1000000");
}

TEST(PathOf, IsEmptyWithoutSamples) {
  EXPECT_EQ(path_of({}, {0.0, 1.0}, {0.0, 1.0}), "");
  EXPECT_EQ(path_of(test::signal_of("a", "", {0}, {kNan}), {0.0, 1.0}, {0.0, 1.0}), "");
}

TEST(RangeOf, HasAMarginAndPassesOverWhatIsNotFinite) {
  const SignalRecord a = test::signal_of("a", "", {0, 1, 2}, {0.0, kNan, 10.0});
  const SignalRecord flat = test::signal_of("b", "", {0}, {5.0});
  const SignalRecord zero = test::signal_of("c", "", {0}, {0.0});
  const SignalRecord none = test::signal_of("d", "", {0}, {kNan});
  const double huge = std::numeric_limits<double>::max();
  const SignalRecord widest = test::signal_of("e", "", {0, 1}, {-huge / 4, huge / 4});

  EXPECT_LT(range_of({&a})->low, 0.0);
  EXPECT_GT(range_of({&a})->high, 10.0);
  EXPECT_LT(range_of({&a})->high, 11.0);
  EXPECT_LT(range_of({&flat})->low, 5.0);
  EXPECT_GT(range_of({&flat})->high, 5.0);
  EXPECT_DOUBLE_EQ(range_of({&zero})->size(), 2.0);
  EXPECT_FALSE(range_of({&none}).has_value());
  EXPECT_TRUE(std::isfinite(range_of({&widest})->size()));
}

TEST(ValueAt, HoldsOrInterpolates) {
  SignalRecord sut = test::signal_of("a", "", {1, 3}, {1.0, 5.0});
  using std::chrono::milliseconds;
  EXPECT_FALSE(value_at(sut, milliseconds(0)).has_value());
  EXPECT_DOUBLE_EQ(*value_at(sut, milliseconds(2)), 1.0);
  EXPECT_DOUBLE_EQ(*value_at(sut, milliseconds(9)), 5.0);
  sut.interpolates = true;
  EXPECT_DOUBLE_EQ(*value_at(sut, milliseconds(2)), 3.0);
}

TEST(TicksOf, AreRoundNumbersWithinTheRange) {
  EXPECT_EQ(ticks_of({0.0, 4.0}, 8), (std::vector<double>{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4}));
  EXPECT_EQ(ticks_of({-0.3, 1.1}, 5), (std::vector<double>{0, 0.5, 1}));
  for (const AxisRange range : {AxisRange{1e-12, 3e-12}, AxisRange{-7e9, 7e9}, AxisRange{99, 101},
                                AxisRange{1e15, 1e15 + 1}}) {
    const auto ticks = ticks_of(range, 5);
    EXPECT_GE(ticks.size(), 2u) << range.low;
    EXPECT_LE(ticks.size(), 8u) << range.low;
    EXPECT_GE(ticks.front(), range.low - range.size() * 1e-6);
    EXPECT_LE(ticks.back(), range.high + range.size() * 1e-6);
  }
}

TEST(TicksOf, NeverEndsWithoutATick) {
  EXPECT_EQ(ticks_of({2.0, 2.0}, 5).size(), 1u);
  EXPECT_EQ(ticks_of({kNan, 1.0}, 5).size(), 1u);
}

TEST(TickText, HasTheDigitsThatItsDistanceNeeds) {
  EXPECT_EQ(tick_text(0.0, 0.5), "0");
  EXPECT_EQ(tick_text(1.0, 0.5), "1.0");
  EXPECT_EQ(tick_text(0.30000000000000004, 0.1), "0.3");
  EXPECT_EQ(tick_text(1200.0, 200.0), "1200");
  EXPECT_EQ(tick_text(3e6, 1e6), "3e+06");
  EXPECT_EQ(tick_text(2e-7, 1e-7), "2e-07");
}

}  // namespace
}  // namespace takt::scenario
