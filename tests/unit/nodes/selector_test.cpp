// controller/selector: what is chosen, how the output gets there, and modes that are none.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "tests/support/allocation_guard.hpp"

namespace takt::nodes::selector_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

test::HarnessOptions selecting(Json params = {{"ramp", 0.04}}) {
  return {.params = std::move(params), .period = 10ms, .unconnected = {"input4"}};
}

std::optional<double> selected(test::NodeHarness& sut, double mode, double one, double two,
                               double three = 0.0) {
  sut.send("mode", Scalar{mode});
  sut.send("input1", Scalar{one});
  sut.send("input2", Scalar{two});
  sut.send("input3", Scalar{three});
  EXPECT_EQ(sut.step(), Did::stepped);
  const auto sent = sut.sent<Scalar>("output");
  return sent ? std::optional(sent->value) : std::nullopt;
}

TEST(Selector, BeginsWithTheCommandOfItsModeWithoutARamp) {
  test::NodeHarness sut("controller/selector", selecting());
  EXPECT_EQ(selected(sut, 2.0, 5.0, 7.0), 7.0);
}

TEST(Selector, GoesFromOneCommandToTheOtherAlongALine) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);

  const double steps[] = {10.0, 8.0, 6.0, 4.0, 2.0, 2.0};
  for (const double expected : steps) {
    EXPECT_NEAR(selected(sut, 2.0, 99.0, 2.0).value(), expected, 1e-12);
  }
}

TEST(Selector, AddsTheMovementsOfTheNewCommandToItsRamp) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);

  selected(sut, 2.0, 0.0, 2.0);
  EXPECT_NEAR(selected(sut, 2.0, 0.0, 3.0).value(), 9.0, 1e-12);
}

TEST(Selector, StartsFromWhereItIsWhenItIsSwitchedWithinARamp) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);
  selected(sut, 2.0, 10.0, 2.0);
  EXPECT_NEAR(selected(sut, 2.0, 10.0, 2.0).value(), 8.0, 1e-12);

  EXPECT_NEAR(selected(sut, 3.0, 10.0, 2.0, 0.0).value(), 8.0, 1e-12);
  EXPECT_NEAR(selected(sut, 3.0, 10.0, 2.0, 0.0).value(), 6.0, 1e-12);
}

TEST(Selector, JumpsWithoutARamp) {
  test::NodeHarness sut("controller/selector", selecting({{"ramp", 0.0}}));
  selected(sut, 1.0, 10.0, 2.0);
  EXPECT_EQ(selected(sut, 2.0, 10.0, 2.0), 2.0);
}

TEST(Selector, CountsSkippedReleasesInItsRamp) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);
  selected(sut, 2.0, 10.0, 2.0);

  sut.step_after_skipping(2);

  EXPECT_NEAR(sut.sent<Scalar>("output")->value, 4.0, 1e-12);
}

TEST(Selector, StaysWithItsCommandForAModeThatIsNone) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 2.0, 5.0, 7.0);
  sut.logged();

  for (const double mode : {0.0, 4.0, 5.0, 1.5, -1.0, 1e300, std::nan(""), std::nan("")}) {
    EXPECT_EQ(selected(sut, mode, 5.0, 7.0), 7.0) << mode;
    EXPECT_EQ(sut.sent<Scalar>("active")->value, 2.0);
  }
  const std::vector<std::string> once{"warning: mode 0 cannot be chosen now; 2 stays"};
  EXPECT_EQ(sut.logged(), once);
  selected(sut, 2.0, 5.0, 7.0);
  selected(sut, 9.0, 5.0, 7.0);
  EXPECT_EQ(sut.logged().size(), 1U) << "after a mode that is one";
}

TEST(Selector, DoesNotSwitchToACommandThatIsNotFinite) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 5.0, 7.0);

  EXPECT_EQ(selected(sut, 2.0, 5.0, std::nan("")), 5.0);
  EXPECT_EQ(selected(sut, 2.0, 5.0, 7.0), 5.0) << "the start of its ramp";
  EXPECT_NEAR(selected(sut, 2.0, 5.0, 7.0).value(), 5.5, 1e-12);
}

TEST(Selector, SendsNothingForNaNOfItsCommandAndGoesOn) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);
  selected(sut, 2.0, 10.0, 2.0);

  EXPECT_EQ(selected(sut, 2.0, 10.0, std::nan("")), std::nullopt);
  EXPECT_NEAR(selected(sut, 2.0, 10.0, 2.0).value(), 6.0, 1e-12);
}

TEST(Selector, SendsNothingUntilItsCommandHasCome) {
  test::NodeHarness sut("controller/selector", selecting());
  sut.send("mode", Scalar{2.0});
  sut.send("input1", Scalar{1.0});
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("output")->value, 1.0) << "the other has not come: the first stays";

  test::NodeHarness other("controller/selector", selecting());
  other.send("mode", Scalar{1.0});
  other.step();
  EXPECT_FALSE(other.sent<Scalar>("output").has_value());
  EXPECT_EQ(other.sent<Scalar>("active")->value, 1.0);
}

TEST(Selector, DoesNotSwitchToAStaleCommand) {
  auto options = selecting();
  options.adjust = [](NodeConfig& config) {
    for (auto& input : config.inputs) {
      if (input.name == "input2") {
        input.max_age = 15ms;
        input.on_stale = OnStale::hold;
      }
    }
  };
  test::NodeHarness sut("controller/selector", options);
  selected(sut, 1.0, 5.0, 7.0);
  sut.step();

  sut.send("mode", Scalar{2.0});
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("active")->value, 1.0);
  sut.send("input2", Scalar{7.0});
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("active")->value, 2.0);
}

TEST(Selector, StartsAgainWithinItsRamp) {
  test::NodeHarness first("controller/selector", selecting());
  selected(first, 1.0, 10.0, 2.0);
  selected(first, 2.0, 10.0, 2.0);
  selected(first, 2.0, 10.0, 2.0);
  auto options = selecting();
  options.state = first.state();

  test::NodeHarness second("controller/selector", options);

  EXPECT_NEAR(selected(second, 2.0, 10.0, 2.0).value(), 8.0, 1e-12) << "no time has passed yet";
  EXPECT_NEAR(selected(second, 2.0, 10.0, 2.0).value(), 6.0, 1e-12);
}

TEST(Selector, BeginsAnewWithTheStateOfOtherInputs) {
  auto four = selecting();
  four.unconnected = {};
  test::NodeHarness first("controller/selector", four);
  first.send("input4", Scalar{9.0});
  selected(first, 4.0, 5.0, 7.0);
  ASSERT_EQ(first.sent<Scalar>("active")->value, 4.0);
  auto options = selecting();
  options.state = first.state();

  test::NodeHarness second("controller/selector", options);

  EXPECT_EQ(selected(second, 4.0, 5.0, 7.0), 5.0);
  EXPECT_EQ(second.sent<Scalar>("active")->value, 1.0);
}

TEST(Selector, AllocatesNothingInAStep) {
  test::NodeHarness sut("controller/selector", selecting());
  selected(sut, 1.0, 10.0, 2.0);
  sut.send("mode", Scalar{2.0});

  const test::AllocationGuard guard;
  sut.step();
  EXPECT_EQ(guard.calls(), 0U);
}

TEST(Selector, RefusesNothingToChoose) {
  auto alone = selecting();
  alone.unconnected = {"input2", "input3", "input4"};
  const test::NodeHarness first("controller/selector", alone);
  ASSERT_NE(first.error(), nullptr);
  EXPECT_EQ(first.error()->message,
            "1 of the inputs 1 to 4 is connected: there is nothing to choose");

  const test::NodeHarness second("controller/selector", selecting({{"initial", 4}}));
  ASSERT_NE(second.error(), nullptr);
  EXPECT_EQ(second.error()->message, "initial is 4, but `input4` is not connected");
}

}  // namespace
}  // namespace takt::nodes::selector_test
