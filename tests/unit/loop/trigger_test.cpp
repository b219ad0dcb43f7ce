// Which samples release a step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Did = NodeHarness::Did;

HarnessOptions triggered_by(TriggerKind kind, std::chrono::nanoseconds within = 0ns) {
  return {.adjust = [=](NodeConfig& config) {
    config.trigger = {kind, 0ns, 0ns, {"in", "extra"}, within};
  }};
}

TEST(OnAll, WaitsForEveryInput) {
  NodeHarness sut("loop/relay", triggered_by(TriggerKind::on_all));
  sut.send("in", Scalar{1.0});
  EXPECT_EQ(sut.step(), Did::waited);
  sut.send("extra", Scalar{2.0});

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(sut.step(), Did::waited);
}

TEST(OnAll, AQueueKeepsItsOldestSampleUntilAStepHasSeenIt) {
  NodeHarness sut("loop/relay", {.adjust = [](NodeConfig& config) {
    config.trigger = {TriggerKind::on_all, 0ns, 0ns, {"in", "extra"}, 0ns};
    input_of(config, "in").queue_depth = 4;
  }});
  sut.send("in", Scalar{1.0});
  EXPECT_EQ(sut.step(), Did::waited);
  sut.send("in", Scalar{2.0});
  EXPECT_EQ(sut.step(), Did::waited);
  for (int i = 0; i < 2; ++i) {
    sut.send("extra", Scalar{0.0});
    EXPECT_EQ(sut.step(), Did::stepped);
  }

  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(1.0, 2.0));
}

TEST(OnAll, WithoutALimitTakesSamplesOfAnyDistance) {
  NodeHarness sut("loop/relay", triggered_by(TriggerKind::on_all));
  sut.send("in", Scalar{1.0});
  sut.advance(10s);
  sut.send("extra", Scalar{2.0});

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_EQ(sut.status().counters.unmatched.load(), 0U);
}

TEST(OnAll, WithinPassesOverWhatIsTooFarApartAndCountsIt) {
  NodeHarness sut("loop/relay", triggered_by(TriggerKind::on_all, 200us));
  sut.send("in", Scalar{1.0});
  sut.advance(201us);
  sut.send("extra", Scalar{2.0});
  EXPECT_EQ(sut.step(), Did::waited);
  EXPECT_EQ(sut.status().counters.unmatched.load(), 1U);

  sut.advance(200us);
  sut.send("in", Scalar{3.0});

  EXPECT_EQ(sut.step(), Did::stepped);
  EXPECT_THAT(node_of<Relay>(sut).seen, ElementsAre(3.0));
  EXPECT_EQ(sut.status().counters.unmatched.load(), 1U);
}

TEST(OnAny, EachInputReleasesAStepOnceARequiredOneHasCome) {
  NodeHarness sut("loop/relay", triggered_by(TriggerKind::on_any));
  sut.send("extra", Scalar{1.0});
  EXPECT_EQ(sut.step(), Did::waited);  // `in` is required and has no sample.
  EXPECT_EQ(node_of<Relay>(sut).steps, 0U);

  sut.send("in", Scalar{2.0});
  EXPECT_EQ(sut.step(), Did::stepped);
  sut.send("extra", Scalar{3.0});
  EXPECT_EQ(sut.step(), Did::stepped);
}

TEST(OnInput, AnotherInputReleasesNothing) {
  NodeHarness sut("loop/relay", {.adjust = [](NodeConfig& config) {
    config.trigger = {TriggerKind::on_input, 0ns, 0ns, {"in"}, 0ns};
  }});
  sut.send("extra", Scalar{1.0});
  EXPECT_EQ(sut.step(), Did::waited);
  sut.send("in", Scalar{2.0});

  EXPECT_EQ(sut.step(), Did::stepped);
}

TEST(Trigger, TheReleaseOfADataTriggeredStepIsThePublishStamp) {
  NodeHarness sut("loop/relay", {.unconnected = {"extra"}});
  sut.advance(1ms);
  sut.send("in", Scalar{1.0});
  sut.advance(250us);

  sut.step();

  EXPECT_EQ(node_of<Relay>(sut).last.release, 1ms);
  EXPECT_EQ(node_of<Relay>(sut).last.start, 1250us);
}

}  // namespace
}  // namespace takt::test
