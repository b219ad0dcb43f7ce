#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

using namespace std::chrono_literals;

TEST(TemplateName, ReachesAConstantInput) {
  takt::test::NodeHarness sut("filter/TEMPLATE_NAME", {.params = {{"tau", 0.01}}, .period = 10ms});

  double last = 0.0;
  for (int i = 0; i < 100; ++i) {
    sut.send("in", takt::Scalar{1.0});
    sut.step();
    last = sut.sent<takt::Scalar>("out")->value;
  }

  EXPECT_NEAR(last, 1.0, 1e-12);
}

TEST(TemplateName, MovesHalfWayInOneStepWhenTauIsThePeriod) {
  takt::test::NodeHarness sut("filter/TEMPLATE_NAME", {.params = {{"tau", 0.01}}, .period = 10ms});

  sut.send("in", takt::Scalar{1.0});
  sut.step();

  EXPECT_DOUBLE_EQ(sut.sent<takt::Scalar>("out")->value, 0.5);
}
