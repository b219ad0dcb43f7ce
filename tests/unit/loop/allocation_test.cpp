// The third fence of real time: what a cycle really asks of the heap.
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/allocation_guard.hpp"
#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

// Keeps the compiler from leaving out what it can see to be unused.
void escape(void* memory) { asm volatile("" : : "g"(memory) : "memory"); }

TEST(AllocationGuard, SeesNewAndDeleteMallocAndFree) {
  const AllocationGuard sut;

  const auto owned = std::make_unique<int>(3);
  escape(owned.get());
  EXPECT_EQ(sut.calls(), 1U);
  void* memory = std::malloc(8);
  escape(memory);
  std::free(memory);
  EXPECT_EQ(sut.calls(), 3U);
}

// One node of each kind on a grid of 1 ms: 200 cycles with samples, without, stale, and back.
std::uint64_t calls_of_cycles(std::string_view type, bool stale_path) {
  LoopRig rig;
  LoopRig::Part& part = rig.add(type, [](NodeConfig& config) {
    config.actuator = config.declaration.is_actuator();
    config.period = 1ms;
    config.deadline = 500us;
    config.tolerate_misses = 3;
    config.tolerate_window = 10;
    input_of(config, "in").max_age = 3ms;
    if (config.actuator) {
      config.outputs[0].has_safe = true;
      config.outputs[0].safe = bytes_of({-5.0});
    }
    config.outputs[0].readers = {{"n0", "in", true, 0}};
  });
  port::Writer& writer = *part.writers.at("in");
  const auto cycles = [&](int count, bool sends) {
    for (int i = 0; i < count; ++i) {
      rig.clock.advance(1ms);
      if (sends) {
        const double value = i % 7 == 3 ? kNaN : 1.0;
        if (void* memory = writer.loan()) std::memcpy(memory, &value, sizeof value);
        const std::int64_t now = rig.clock.now().count();
        writer.publish({static_cast<std::uint64_t>(i), now, now, 1});
      }
      part.loop->collect();
      part.loop->run({rig.clock.now().count(), rig.clock.now().count(), 1});
    }
  };
  const AllocationGuard sut;
  cycles(100, true);
  if (stale_path) cycles(20, false);
  cycles(100, true);
  return sut.calls();
}

TEST(Cycle, OfANodeAllocatesNothing) { EXPECT_EQ(calls_of_cycles("loop/relay", false), 0U); }
TEST(Cycle, OnTheStalePathAllocatesNothing) { EXPECT_EQ(calls_of_cycles("loop/relay", true), 0U); }
TEST(Cycle, OfAnActuatorAllocatesNothing) { EXPECT_EQ(calls_of_cycles("loop/drive", true), 0U); }

}  // namespace
}  // namespace takt::test
