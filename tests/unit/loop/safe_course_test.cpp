// How an output becomes safe: at once, by hold and ramp, or as its node's safe_step has it.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using Did = NodeHarness::Did;

// loop/lander: an actuator that comes down by one a step.
class Lander final : public Node {
 public:
  Input<Scalar> in{*this, "in", {.command = true}};
  Output<Scalar> out{*this, "out", {.safe = true}};
  StepResult step(const Cycle&) noexcept TAKT_RT override {
    height_ = in->value;
    out.publish({height_});
    return StepResult::ok;
  }
  void safe_step(const Cycle&) noexcept TAKT_RT override {
    height_ -= 1.0;
    if (height_ > 0.0) out.publish({height_});
  }
  void stale(const Cycle&) noexcept TAKT_RT override { out.publish({77.0}); }

 private:
  double height_ = 0.0;
};
TAKT_NODE(Lander, "loop/lander");

//   test --command--> n (safe -5, max_age 3 ms, a step each 1 ms)
HarnessOptions options(std::chrono::nanoseconds hold, std::chrono::nanoseconds ramp) {
  return {.period = 1ms, .adjust = [=](NodeConfig& config) {
            config.actuator = true;
            input_of(config, "in").max_age = 3ms;
            config.outputs[0].has_safe = true;
            config.outputs[0].safe = bytes_of({-5.0});
            config.outputs[0].safe_hold = hold;
            config.outputs[0].safe_ramp = ramp;
          }};
}

double next(NodeHarness& sut) {
  sut.step();
  const auto sent = sut.sent<Scalar>("out");
  return sent ? sent->value : kNaN;
}

// The last command is 3; what is sent from the first stale release on.
std::vector<double> course_of(NodeHarness& sut, std::size_t releases) {
  sut.send("in", Scalar{3.0});
  while (sut.step() == Did::stepped) sut.sent<Scalar>("out");
  std::vector<double> course{sut.sent<Scalar>("out")->value};
  while (course.size() < releases) course.push_back(next(sut));
  return course;
}

using Course = std::vector<double>;

TEST(SafeCourse, IsTheSafeValueAtOnceWhenTheGraphGivesAValue) {
  NodeHarness sut("loop/drive", options(0ms, 0ms));

  EXPECT_EQ(course_of(sut, 3), (Course{-5, -5, -5}));
}

TEST(SafeCourse, HoldsTheLastValueAndThenRampsToTheSafeOne) {
  NodeHarness sut("loop/drive", options(2ms, 4ms));

  EXPECT_EQ(course_of(sut, 9), (Course{3, 3, 3, 1, -1, -3, -5, -5, -5}));
}

TEST(SafeCourse, WithoutARampJumpsAfterTheHold) {
  NodeHarness sut("loop/drive", options(2ms, 0ms));

  EXPECT_EQ(course_of(sut, 4), (Course{3, 3, -5, -5}));
}

TEST(SafeCourse, IsTheSafeValueWhereNothingWasDrivenBefore) {
  NodeHarness sut("loop/drive", options(2ms, 4ms));
  sut.advance(10ms);

  EXPECT_EQ(next(sut), -5.0);
}

TEST(SafeCourse, BeginsAnewWhereTheNextStepsLeftTheOutput) {
  NodeHarness sut("loop/drive", options(2ms, 4ms));
  ASSERT_EQ(course_of(sut, 4), (Course{3, 3, 3, 1}));

  sut.send("in", Scalar{7.0});
  ASSERT_EQ(next(sut), 7.0);

  while (sut.step() == Did::stepped) sut.sent<Scalar>("out");
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 7.0);
  EXPECT_EQ(next(sut), 7.0);
  EXPECT_EQ(next(sut), 7.0);
  EXPECT_EQ(next(sut), 4.0);
}

TEST(SafeCourse, StartsAtAValueThatWasSentNotAtOneThatWasRefused) {
  NodeHarness sut("loop/drive", options(2ms, 4ms));
  sut.send("in", Scalar{3.0});
  ASSERT_EQ(next(sut), 3.0);
  node_of<Drive>(sut).offset = kNaN;
  sut.step();

  node_of<Drive>(sut).offset = 0.0;
  while (sut.step() == Did::stepped) {
  }
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 3.0);
}

TEST(SafeStep, DrivesAnActuatorThatHasActedUntilItLeavesTheOutputAlone) {
  NodeHarness sut("loop/lander", options(0ms, 0ms));

  EXPECT_EQ(course_of(sut, 5), (Course{2, 1, -5, -5, -5}));
}

TEST(SafeStep, AndStaleDriveNothingBeforeTheFirstStep) {
  NodeHarness sut("loop/lander", options(0ms, 0ms));
  sut.advance(10ms);

  EXPECT_EQ(next(sut), -5.0);
  EXPECT_EQ(next(sut), -5.0);
}

}  // namespace
}  // namespace takt::test
