// controller/pid after its process died: it goes on with the state of its last whole step.
#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

namespace takt::nodes::pid_restart_test {
namespace {

using namespace std::chrono_literals;

test::HarnessOptions options(std::vector<std::byte> state = {}) {
  test::HarnessOptions options;
  options.params = {{"kp", 2.0}, {"ki", 50.0}};
  options.period = 1ms;
  options.unconnected = {"tracking", "manual", "manual_active"};
  options.state = std::move(state);
  return options;
}

double answer(test::NodeHarness& sut, double y) {
  sut.send("reference", Scalar{1.0});
  sut.send("measurement", Scalar{y});
  sut.step();
  return sut.sent<Scalar>("output").value().value;
}

TEST(APidThatIsStartedAgain, GoesOnWithoutABump) {
  test::NodeHarness one_life("controller/pid", options());
  test::NodeHarness first("controller/pid", options());
  for (int i = 0; i < 100; ++i) {
    answer(one_life, 0.2);
    answer(first, 0.2);
  }

  test::NodeHarness second("controller/pid", options(first.state()));

  EXPECT_EQ(answer(second, 0.2), answer(one_life, 0.2));
}

TEST(APidThatIsStartedAgain, BeginsAnewWithoutASnapshot) {
  test::NodeHarness first("controller/pid", options());
  for (int i = 0; i < 100; ++i) answer(first, 0.2);
  test::NodeHarness cold("controller/pid", options());

  EXPECT_EQ(answer(cold, 0.2), 2.0 * 0.8);
}

TEST(APidThatIsStartedAgain, IsNotGivenAStateThatIsNotFinite) {
  test::NodeHarness first("controller/pid", options());
  answer(first, 0.2);
  std::vector<std::byte> broken = first.state();
  ASSERT_GE(broken.size(), sizeof(double));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::memcpy(broken.data(), &nan, sizeof nan);

  test::NodeHarness second("controller/pid", options(broken));

  EXPECT_EQ(answer(second, 0.2), 2.0 * 0.8);
}

// What a step leaves behind that was refused is nobody's state.
TEST(APid, KeepsTheStateOfItsLastWholeStep) {
  test::NodeHarness sut("controller/pid", options());
  for (int i = 0; i < 10; ++i) answer(sut, 0.2);
  const auto before = sut.state();
  sut.send("measurement", Scalar{std::numeric_limits<double>::quiet_NaN()});
  sut.step();

  EXPECT_FALSE(sut.sent<Scalar>("output").has_value());
  EXPECT_EQ(sut.state(), before);
}

}  // namespace
}  // namespace takt::nodes::pid_restart_test
