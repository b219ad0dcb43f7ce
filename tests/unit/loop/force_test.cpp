// A value that a person holds: where it takes effect, and when it ends.
#include "tests/unit/loop/actuator_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

//   test --command--> n0 (loop/drive, safe -5, max_age 3 ms); its `out` is forced to 9
struct ForcedOutput : ActuatorRig {
  ForcedOutput() {
    control->armed = 1;
    add([](NodeConfig& config) {
      config.safety.rearm_automatically = false;
      input_of(config, "in").max_age = 3ms;
    });
  }

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
