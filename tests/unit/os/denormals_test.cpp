#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include <takt/os/denormals.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

// Computed at run time: the compiler knows nothing of the register.
double quotient(double a, double b) {
  volatile double x = a;
  volatile double y = b;
  return x / y;
}

constexpr double kSmallest = std::numeric_limits<double>::min();

TEST(FlushDenormalsToZero, MakesResultsAndOperandsZero) {
  bool flushed = false;
  double result = 1;
  double from_denormal = 1;

  std::thread([&] {  // The register belongs to the thread.
    flush_denormals_to_zero();
    flushed = denormals_are_flushed();
    result = quotient(kSmallest, 4);
    from_denormal = quotient(std::numeric_limits<double>::denorm_min(), kSmallest);
  })
      .join();

  EXPECT_TRUE(flushed);
  EXPECT_EQ(result, 0.0);
  EXPECT_EQ(from_denormal, 0.0);
}

TEST(FlushDenormalsToZero, LeavesOtherThreadsAlone) {
  std::thread(flush_denormals_to_zero).join();

  EXPECT_FALSE(denormals_are_flushed());
  EXPECT_GT(quotient(kSmallest, 4), 0.0);
}

TEST(FlushDenormalsToZero, IsInheritedByAThreadThatIsMadeAfterwards) {
  bool inherited = false;

  std::thread([&] {
    flush_denormals_to_zero();
    std::thread([&] { inherited = denormals_are_flushed(); }).join();
  }).join();

  EXPECT_TRUE(inherited);
}

}  // namespace
}  // namespace takt::os
