// A value that a person holds: where it takes effect, and when it ends.
#include <gtest/gtest.h>

#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

//   test --command--> n0 (loop/drive, safe -5, max_age 3 ms); its `out` is forced to 9
struct ForcedOutput : testing::Test {
  LoopRig rig;
  std::unique_ptr<ControlPage> control = std::make_unique<ControlPage>();
  LoopRig::Part* sut = nullptr;

  ForcedOutput() {
    control->supervisor.init();
    control->supervisor.claim();
    control->armed = 1;
    rig.control = control.get();
    sut = &rig.add("loop/drive", [&](NodeConfig& config) {
      config.actuator = true;
      config.safety.rearm_automatically = false;
      input_of(config, "in").max_age = 3ms;
      config.outputs[0].has_safe = true;
      config.outputs[0].safe = bytes_of({-5.0});
    });
  }
  ~ForcedOutput() override { control->supervisor.release(); }

  // As the supervisor writes it: until `until` since grid point 0.
  void force(std::chrono::nanoseconds until, std::uint32_t node = 0) {
    ForceSlot& slot = control->forces[0];
    const double value = 9.0;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    slot.armed = control->armed.load();
    slot.until_ns = until.count();
    slot.node = node;
    slot.size = sizeof value;
    slot.bits = bits;
    slot.revision = 2;
    control->forces_used = 1;
  }
  double step(bool silent = false) {
    rig.clock.advance(1ms);
    if (!silent) rig.send(*sut, "in", 2.0, rig.clock.now().count());
    sut->loop->collect();
    const auto now = rig.clock.now().count();
    sut->loop->run({now, now, 0});
    double sent = 0.0;
    port::Taken taken;
    while (sut->readers.at("out")->try_take(taken)) {
      std::memcpy(&sent, taken.data, sizeof sent);
      sut->readers.at("out")->drop();
    }
    return sent;
  }
};

TEST_F(ForcedOutput, SendsTheValueUntilItsTimeHasPassed) {
  ASSERT_EQ(step(), 2.0);
  force(4ms);

  EXPECT_EQ(step(), 9.0);
  EXPECT_EQ(step(), 9.0);
  EXPECT_EQ(step(), 2.0) << "by the clock alone: nobody has taken it back";
}

TEST_F(ForcedOutput, IsAnotherNodesBusiness) {
  force(10ms, 1);

  EXPECT_EQ(step(), 2.0);
}

TEST_F(ForcedOutput, IsSafeAllTheSameWhenItMustBe) {
  force(100ms);
  ASSERT_EQ(step(), 9.0);
  for (int i = 0; i < 4; ++i) step(true);

  EXPECT_EQ(step(true), -5.0) << "a stale command";
  control->armed = 0;
  EXPECT_EQ(step(), -5.0) << "disarmed";
}

TEST_F(ForcedOutput, IsFreeAfterTheNextArming) {
  force(100ms);
  ASSERT_EQ(step(), 9.0);
  control->armed = 2;

  EXPECT_EQ(step(), 2.0);
}

TEST_F(ForcedOutput, IgnoresASlotThatIsBeingWritten) {
  force(100ms);
  control->forces[0].revision = 3;

  EXPECT_EQ(step(), 2.0);
}

}  // namespace
}  // namespace takt::test
