// `when_full: wait`: a writer that sends no more than its readers have room for.
//
//   n1 (relay)  --out, depth 2, wait-->  n0 (relay, on in)
#include <gtest/gtest.h>

#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

TEST(Credits, AreUsedUpByAsManySamplesAsTheQueueHolds) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig& config) {
    config.trigger.kind = TriggerKind::free_running;
    input_of(config, "in").initial = bytes_of({1.0});
    config.outputs[0].readers = {{"n0", "in", false, 2}};
  });

  ASSERT_TRUE(sut.loop->has_credits());
  sut.loop->run({});
  ASSERT_TRUE(sut.loop->has_credits());
  sut.loop->run({});
  EXPECT_FALSE(sut.loop->has_credits());

  rig.bells->bells[0].consumed[0].store(consumed::word(1, 1));
  EXPECT_TRUE(sut.loop->has_credits());
}

TEST(Credits, ReturnWhenTheReaderTakesAndRingItsWriter) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig& config) {
    config.trigger = {TriggerKind::on_input, 0ns, 0ns, {"in"}, 0ns};
    InputConfig& in = input_of(config, "in");
    in.queue_depth = 2;
    in.when_full = WhenFull::wait;
    in.from = TopicName{"n1", "out"};
  });
  LoopRig::Part& writer = rig.add("loop/relay", [](NodeConfig& config) {
    input_of(config, "in").initial = bytes_of({1.0});
    config.outputs[0].readers = {{"n0", "in", true, 2}};
  });
  writer.loop->run({});
  writer.loop->run({});
  ASSERT_FALSE(writer.loop->has_credits());
  EXPECT_EQ(rig.bells->bells[0].rings.load(), 2U);

  ASSERT_TRUE(sut.loop->collect());
  sut.loop->run({});

  EXPECT_EQ(rig.bells->bells[0].consumed[0].load(), consumed::word(1, 1));
  EXPECT_EQ(rig.bells->bells[1].rings.load(), 1U);
  EXPECT_TRUE(writer.loop->has_credits());
}

TEST(Credits, OfADeadReaderHoldNobodyUp) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig& config) {
    config.trigger.kind = TriggerKind::free_running;
    input_of(config, "in").initial = bytes_of({1.0});
    config.outputs[0].readers = {{"n0", "in", false, 1}};
  });
  sut.loop->run({});
  ASSERT_FALSE(sut.loop->has_credits());

  rig.bells->bells[0].consumed[0].store(consumed::kAbsent);

  EXPECT_TRUE(sut.loop->has_credits());
}

// What a reader gave back to the writer before counts for nothing: its samples begin at 0 again.
TEST(Credits, OfAWriterThatWasRestartedAreItsOwn) {
  LoopRig rig;
  LoopRig::Part& sut = rig.add("loop/relay", [](NodeConfig& config) {
    config.trigger.kind = TriggerKind::free_running;
    input_of(config, "in").initial = bytes_of({1.0});
    config.outputs[0].readers = {{"n0", "in", false, 1}};
  });
  rig.bells->bells[0].consumed[0].store(consumed::word(7, 5000));

  ASSERT_TRUE(sut.loop->has_credits());
  sut.loop->run({});
  EXPECT_FALSE(sut.loop->has_credits());
}

}  // namespace
}  // namespace takt::test
