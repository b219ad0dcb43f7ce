// Where the origin stamp of an output comes from.
#include <gtest/gtest.h>

#include <takt/loop/loop.hpp>

#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

// Runs loop/origins once at 10 ms: `other` is of 1 ms, `measured` of 2 ms.
struct Stamps {
  std::int64_t now, inherit, none;
};
Stamps stamps_of(TriggerConfig trigger, bool measurement) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/origins", [&](NodeConfig& config) {
    config.trigger = trigger;
    input_of(config, "measured").measurement = measurement;
  });
  rig.send(sut, "other", 1.0, std::chrono::nanoseconds(1ms).count());
  rig.send(sut, "measured", 2.0, std::chrono::nanoseconds(2ms).count());
  rig.clock.set(10ms);
  sut.loop->collect();
  sut.loop->run({std::chrono::nanoseconds(9ms).count(), std::chrono::nanoseconds(10ms).count(), 0});
  return {rig.header_of(sut, "now").origin_ns, rig.header_of(sut, "inherit").origin_ns,
          rig.header_of(sut, "none").origin_ns};
}

TEST(Origin, NowIsTheReleaseAndNoneIsZero) {
  const Stamps sut = stamps_of({TriggerKind::periodic, 1ms, 0ns, {}, 0ns}, true);

  EXPECT_EQ(sut.now, 9'000'000);
  EXPECT_EQ(sut.none, 0);
}

TEST(Origin, InheritTakesTheMeasurementEvenWhenAnotherInputTriggers) {
  EXPECT_EQ(stamps_of({TriggerKind::on_input, 0ns, 0ns, {"other"}, 0ns}, true).inherit, 2'000'000);
}

TEST(Origin, InheritTakesTheTriggerWithoutAMeasurement) {
  EXPECT_EQ(stamps_of({TriggerKind::on_input, 0ns, 0ns, {"other"}, 0ns}, false).inherit,
            1'000'000);
}

TEST(Origin, InheritIsNoneWithoutMeasurementAndTrigger) {
  EXPECT_EQ(stamps_of({TriggerKind::periodic, 1ms, 0ns, {}, 0ns}, false).inherit, 0);
}

TEST(Header, CountsFromZeroAndCarriesIncarnationAndPublishTime) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig&) {});
  for (int i = 0; i < 2; ++i) {
    rig.clock.advance(1ms);
    rig.send(sut, "in", 1.0, 5);
    sut.loop->collect();
    sut.loop->run({0, rig.clock.now().count(), 0});
    const SampleHeader header = rig.header_of(sut, "out");

    EXPECT_EQ(header.sequence, static_cast<std::uint64_t>(i));
    EXPECT_EQ(header.publish_ns, (i + 1) * 1'000'000);
    EXPECT_EQ(header.incarnation, 1U);
  }
}

}  // namespace
}  // namespace takt::test
