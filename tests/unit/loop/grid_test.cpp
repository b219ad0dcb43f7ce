#include <gtest/gtest.h>

#include "runtime/loop/drivers/grid.hpp"

namespace takt::loop {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST(Grid, KeepsThePhaseAfterAnOverrun) {
  Grid sut(0, kMs);
  ASSERT_EQ(sut.take(0).time, 0);

  sut.pass(5 * kMs / 2);  // One step that took two and a half periods.
  const Grid::Point next = sut.take(sut.next());

  EXPECT_EQ(next.time, 3 * kMs);  // On the grid, not "now + period".
  EXPECT_EQ(next.skipped, 2U);
}

TEST(Grid, AStepThatEndsExactlyAtTheNextReleaseSkipsNothing) {
  Grid sut(0, kMs);
  sut.take(0);
  sut.pass(kMs);

  EXPECT_EQ(sut.next(), kMs);
  EXPECT_EQ(sut.take(kMs).skipped, 0U);
}

TEST(Grid, ALateWakeUpTakesTheLatestPointAndNeverBursts) {
  Grid sut(kMs / 4, kMs);  // Offset a quarter.

  const Grid::Point point = sut.take(kMs / 4 + 3 * kMs + 1);

  EXPECT_EQ(point.time, kMs / 4 + 3 * kMs);
  EXPECT_EQ(point.skipped, 3U);
  EXPECT_EQ(sut.next(), kMs / 4 + 4 * kMs);
}

TEST(Grid, CountsSkippedPointsOnceWhenStepAndWakeUpAreBothLate) {
  Grid sut(0, kMs);
  sut.take(0);
  sut.pass(kMs + 1);                               // Point 1 has passed.
  const Grid::Point point = sut.take(3 * kMs + 5);  // Points 2 as well.

  EXPECT_EQ(point.time, 3 * kMs);
  EXPECT_EQ(point.skipped, 2U);
  EXPECT_EQ(sut.take(4 * kMs).skipped, 0U);
}

}  // namespace
}  // namespace takt::loop
