// Safe values, and numbers that are none.
#include <gtest/gtest.h>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using Did = NodeHarness::Did;

HarnessOptions drive_options() {
  return {.period = 1ms, .adjust = [](NodeConfig& config) {
            input_of(config, "in").max_age = 2ms;
            config.outputs[0].safe = bytes_of({-5.0});
          }};
}

TEST(SafeValue, IsSentOncePerReleaseWhileTheCommandIsStale) {
  NodeHarness sut("loop/drive", drive_options());
  sut.send("in", Scalar{1.0});
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 1.0);
  sut.advance(5ms);

  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, -5.0);
  EXPECT_EQ(sut.step(), Did::went_stale);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, -5.0);
  EXPECT_EQ(sut.status().outputs[0].published.load(), 3U);
}

TEST(SafeValue, GivesWayToWhatTheStalePathPublishes) {
  NodeHarness sut("loop/drive", drive_options());
  node_of<Drive>(sut).publishes_when_stale = true;
  node_of<Drive>(sut).stale_value = 0.25;
  sut.send("in", Scalar{1.0});
  sut.step();
  sut.advance(5ms);

  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_EQ(sut.sent<Scalar>("out")->value, 0.25);
}

TEST(SafeValue, TakesThePlaceOfANonFiniteOneFromTheStalePath) {
  NodeHarness sut("loop/drive", drive_options());
  node_of<Drive>(sut).publishes_when_stale = true;
  node_of<Drive>(sut).stale_value = kNaN;
  sut.send("in", Scalar{1.0});
  sut.step();
  sut.advance(5ms);

  ASSERT_EQ(sut.step(), Did::went_stale);

  const auto sent = sut.sent<Scalar>("out");
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->value, -5.0);
  EXPECT_EQ(sut.status().counters.non_finite.load(), 1U);
}

TEST(SafeValue, AnOutputWithoutOneStaysSilentOnTheStalePath) {
  NodeHarness sut("loop/relay", {.period = 1ms, .unconnected = {"extra"},
                                 .adjust = [](NodeConfig& c) {
                                   input_of(c, "in").max_age = 1ms;
                                 }});
  node_of<Relay>(sut).publishes_when_stale = true;
  sut.advance(5ms);

  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_FALSE(sut.sent<Scalar>("out").has_value());
}

TEST(NonFinite, OutputIsNotSentIsCountedAndResetsTheNode) {
  NodeHarness sut("loop/drive", drive_options());
  sut.send("in", Scalar{1.0});
  node_of<Drive>(sut).offset = std::numeric_limits<double>::infinity();

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_FALSE(sut.sent<Scalar>("out").has_value());
  EXPECT_EQ(sut.status().counters.non_finite.load(), 1U);
  EXPECT_EQ(node_of<Drive>(sut).resets, 1U);

  node_of<Drive>(sut).offset = 0.0;
  sut.step();
  EXPECT_EQ(sut.sent<Scalar>("out")->value, 1.0);
  EXPECT_EQ(node_of<Drive>(sut).resets, 1U);
}

TEST(NonFinite, CommandIsRefusedAndTheLastGoodOneKept) {
  NodeHarness sut("loop/drive", drive_options());
  sut.send("in", Scalar{3.0});
  sut.step();
  sut.send("in", Scalar{kNaN});

  EXPECT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(sut.sent<Scalar>("out")->value, 3.0);
  EXPECT_EQ(sut.status().counters.non_finite.load(), 1U);
  EXPECT_EQ(sut.status().inputs[0].taken.load(), 2U);
}

TEST(NonFinite, CommandsDoNotKeepAnActuatorFresh) {
  NodeHarness sut("loop/drive", drive_options());
  sut.send("in", Scalar{3.0});
  sut.step();
  Did did = Did::stepped;
  for (int i = 0; i < 3; ++i) {
    sut.send("in", Scalar{kNaN});
    did = sut.step();
  }

  EXPECT_EQ(did, Did::went_stale);
  EXPECT_EQ(sut.sent<Scalar>("out")->value, -5.0);
}

}  // namespace
}  // namespace takt::test
