#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include <takt/status/histogram.hpp>

namespace takt {
namespace {

constexpr std::uint64_t kLast = (std::uint64_t{1} << 36) - 1;  // 68.7 s.

// Around every edge between two buckets.
TEST(Histogram, EveryValueLiesInABucketWhoseUpperEdgeIsAtMost3Point2PercentAbove) {
  unsigned before = 0;
  for (unsigned bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    const std::uint64_t edge = Histogram::upper_edge(bucket);
    ASSERT_EQ(Histogram::index_of(edge), bucket);
    if (bucket + 1 < Histogram::kBuckets) {
      const std::uint64_t lowest = edge + 1;  // Of the next bucket.
      const unsigned index = Histogram::index_of(lowest);
      ASSERT_EQ(index, bucket + 1);
      const std::uint64_t upper = Histogram::upper_edge(index);
      ASSERT_LE(static_cast<double>(upper - lowest), 0.032 * static_cast<double>(lowest));
    }
    ASSERT_GE(bucket, before);
    before = bucket;
  }
  EXPECT_EQ(Histogram::upper_edge(Histogram::kBuckets - 1), kLast);
  EXPECT_EQ(Histogram::index_of(kLast + 1), Histogram::kBuckets - 1);
  EXPECT_EQ(Histogram::index_of(~std::uint64_t{0}), Histogram::kBuckets - 1);
}

TEST(Histogram, PercentilesAgreeWithSortedDataOnRandomValues) {
  std::mt19937_64 random(20240229);
  for (const std::size_t count : {1U, 2U, 10U, 100U, 999U, 5000U}) {
    const auto sut = std::make_unique<Histogram>();
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < count; ++i) {
      const double exponent = std::uniform_real_distribution<>(0.0, 10.5)(random);
      values.push_back(static_cast<std::int64_t>(std::pow(10.0, exponent)));
      sut->add(values.back());
    }
    std::sort(values.begin(), values.end());
    const Percentiles got = sut->percentiles();

    const auto expect_near = [&](std::int64_t figure, std::size_t per_mille) {
      const std::size_t rank = (count * per_mille + 999) / 1000;  // Rounded up, from 1.
      const std::int64_t exact = values[rank - 1];
      EXPECT_GE(figure, exact) << count << " values, " << per_mille;
      EXPECT_LE(static_cast<double>(figure - exact), 0.032 * static_cast<double>(exact));
      EXPECT_LE(figure, values.back());
    };
    expect_near(got.p50, 500);
    expect_near(got.p99, 990);
    expect_near(got.p999, 999);
    EXPECT_EQ(got.max, values.back());
    EXPECT_EQ(got.count, count);
    EXPECT_EQ(sut->count(), count);
  }
}

TEST(Histogram, TheP99Of10ValuesIsTheLargest) {
  Histogram sut;
  for (int i = 1; i <= 10; ++i) sut.add(i);

  EXPECT_EQ(sut.percentiles().p50, 5);
  EXPECT_EQ(sut.percentiles().p99, 10);
}

TEST(Histogram, NegativeValuesCountAsZeroAndAnEmptyOneIsAllZero) {
  Histogram sut;
  EXPECT_EQ(sut.percentiles().count, 0U);
  sut.add(-5);

  EXPECT_EQ(sut.percentiles().count, 1U);
  EXPECT_EQ(sut.percentiles().max, 0);
  EXPECT_EQ(sut.percentiles().p999, 0);
}

}  // namespace
}  // namespace takt
