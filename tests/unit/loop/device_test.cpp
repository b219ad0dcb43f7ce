// A node that owns a device: what it is driven with, and when.
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <takt/node/device.hpp>

#include "runtime/loop/output_slot.hpp"
#include "tests/support/allocation_guard.hpp"
#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Did = NodeHarness::Did;

// loop/valve: passes its command on to a device that remembers what it was driven with.
class Valve final : public Node {
 public:
  Valve() {
    driven.reserve(1024);
    headers.reserve(1024);
  }
  Result<void> configure(NodeContext&) override {
    safe_at_configure = applied.safe_value().value;
    driven_before_configured = driven.size();
    if (!opens) return fail("no such device");
    return {};
  }
  void warm_up() noexcept override { applied.publish({9.0}); }
  StepResult step(const Cycle&) noexcept TAKT_RT override {
    applied.publish({in->value + offset});
    return answer;
  }
  void stale(const Cycle&) noexcept TAKT_RT override {
    if (ramps) applied.publish({0.5});
  }
  void reset() noexcept TAKT_RT override { ++resets; }
  bool drive(const Scalar& sample, const SampleHeader& header) noexcept TAKT_RT {
    if (refuses) return false;
    driven.push_back(sample.value);
    headers.push_back(header);
    return true;
  }

  Input<Scalar> in{*this, "in", {.command = true}};
  DeviceOutput<Scalar> applied{*this, "applied", &Valve::drive};

  std::vector<double> driven;
  std::vector<SampleHeader> headers;
  double offset = 0.0;
  double safe_at_configure = 0.0;
  std::size_t driven_before_configured = 0;
  std::uint64_t resets = 0;
  StepResult answer = StepResult::ok;
  bool ramps = false;
  bool refuses = false;
  static inline bool opens = true;
};
TAKT_NODE(Valve, "loop/valve");

HarnessOptions valve_options() {
  return {.period = 1ms, .adjust = [](NodeConfig& config) {
            input_of(config, "in").max_age = 2ms;
            config.outputs[0].safe = bytes_of({-5.0});
          }};
}

class Device : public testing::Test {
 protected:
  NodeHarness sut_{"loop/valve", valve_options()};
  Valve& valve_ = node_of<Valve>(sut_);
};

TEST_F(Device, MakesItsNodeAnActuatorWithADevice) {
  const auto declaration = PortAccess::declare(valve_, "loop/valve", "");

  EXPECT_TRUE(declaration.device);
  EXPECT_TRUE(declaration.is_actuator());
  EXPECT_TRUE(declaration.outputs.at(0).safe);
}

TEST_F(Device, IsDrivenSafeRightAfterConfigureAndNotBefore) {
  EXPECT_EQ(valve_.driven_before_configured, 0U);
  EXPECT_EQ(valve_.safe_at_configure, -5.0) << "configure knows the safe value";
  EXPECT_THAT(valve_.driven, ElementsAre(-5.0));
}

TEST_F(Device, IsDrivenWithTheCommandAndTheTopicSaysSo) {
  sut_.send("in", Scalar{3.0});
  ASSERT_EQ(sut_.step(), Did::stepped);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, 3.0));
  EXPECT_EQ(sut_.sent<Scalar>("applied")->value, 3.0);
  EXPECT_GT(valve_.headers.back().publish_ns, 0);
  EXPECT_EQ(valve_.headers.back().sequence, 0U) << "the first sample on the topic";
}

TEST_F(Device, IsDrivenSafeOnceAReleaseWhileTheCommandIsStale) {
  sut_.send("in", Scalar{3.0});
  sut_.step();
  sut_.advance(5ms);

  EXPECT_EQ(sut_.step(), Did::went_stale);
  EXPECT_EQ(sut_.step(), Did::went_stale);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, 3.0, -5.0, -5.0));
  EXPECT_EQ(sut_.sent<Scalar>("applied")->value, -5.0);
}

TEST_F(Device, IsNeverDrivenWithWhatTheWarmUpPublished) {
  sut_.advance(5ms);

  ASSERT_EQ(sut_.step(), Did::went_stale);  // No step has run yet.

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, -5.0));
}

TEST_F(Device, IsDrivenWithWhatTheStalePathPublishes) {
  valve_.ramps = true;
  sut_.send("in", Scalar{3.0});
  sut_.step();
  sut_.advance(5ms);

  ASSERT_EQ(sut_.step(), Did::went_stale);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, 3.0, 0.5));
}

TEST_F(Device, IsNeverDrivenWithANumberThatIsNone) {
  sut_.send("in", Scalar{3.0});
  sut_.step();
  valve_.offset = kNaN;
  ASSERT_EQ(sut_.step(), Did::stepped);
  valve_.offset = 0.0;
  ASSERT_EQ(sut_.step(), Did::stepped);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, 3.0, 3.0));
  EXPECT_EQ(valve_.resets, 1U);
}

TEST_F(Device, IsNotDrivenByAStepThatFailedButSafe) {
  valve_.answer = StepResult::failed;
  sut_.send("in", Scalar{3.0});

  EXPECT_EQ(sut_.step(), Did::stopped);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, -5.0));
}

TEST_F(Device, IsDrivenSafeAsTheLastThingOfItsNode) {
  valve_.answer = StepResult::done;
  sut_.send("in", Scalar{3.0});

  EXPECT_EQ(sut_.step(), Did::stopped);

  EXPECT_THAT(valve_.driven, ElementsAre(-5.0, 3.0, -5.0));
}

TEST_F(Device, ThatDoesNotTakeACommandIsCountedAndTheTopicStaysSilent) {
  valve_.refuses = true;
  sut_.send("in", Scalar{3.0});
  ASSERT_EQ(sut_.step(), Did::stepped);

  EXPECT_FALSE(sut_.sent<Scalar>("applied").has_value());
  EXPECT_EQ(sut_.status().outputs[0].unsent.load(), 1U);
  EXPECT_EQ(valve_.resets, 0U);

  valve_.refuses = false;
  sut_.step();
  EXPECT_EQ(sut_.sent<Scalar>("applied")->value, 3.0);
}

// A transport whose chunks are all with readers that have died.
class ExhaustedWriter final : public port::Writer {
 public:
  void* loan() noexcept TAKT_RT override { return nullptr; }
  void publish(const SampleHeader&) noexcept TAKT_RT override { ++published; }
  void discard() noexcept TAKT_RT override {}
  int published = 0;
};

TEST_F(Device, IsDrivenSafeAlsoWhenTheTransportHasNoChunkLeft) {
  OutputCounters counters{};
  std::atomic<std::uint64_t> non_finite{0};
  OutputConfig config;
  config.layout = layout_of<Scalar>();
  config.has_safe = true;
  config.safe = bytes_of({-7.0});
  Valve valve;
  auto writer = std::make_unique<ExhaustedWriter>();
  const ExhaustedWriter& watched = *writer;
  loop::OutputSlot sut(valve.applied, config, std::move(writer),
                       {&counters, &non_finite, {}, {}, 1});

  sut.stage_safe(0);
  EXPECT_EQ(sut.commit(1, 1), loop::OutputSlot::Sent::nothing);

  EXPECT_THAT(valve.driven, ElementsAre(-7.0));
  EXPECT_EQ(counters.unsent.load(), 1U);
  EXPECT_EQ(watched.published, 0);
}

TEST_F(Device, IsDrivenWithoutTheHeap) {
  sut_.send("in", Scalar{3.0});
  sut_.step();
  const AllocationGuard guard;

  for (int i = 0; i < 20; ++i) sut_.step();

  EXPECT_EQ(guard.calls(), 0U);
  EXPECT_EQ(valve_.driven.size(), 22U);
}

TEST(DeviceThatDoesNotOpen, EndsTheStartWithItsReason) {
  Valve::opens = false;
  const NodeHarness sut("loop/valve", valve_options());
  Valve::opens = true;

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "no such device");
}

TEST(DeviceWithoutASafeValue, EndsTheStart) {
  const NodeHarness sut("loop/valve", {.period = 1ms, .adjust = [](NodeConfig& config) {
                                         config.outputs[0].safe.clear();
                                       }});

  ASSERT_NE(sut.error(), nullptr);
  EXPECT_EQ(sut.error()->message, "the device output 'node.applied' has no safe value");
}

}  // namespace
}  // namespace takt::test
