// What the recorder keeps of the samples that a run sent.
#include <cstring>

#include <gtest/gtest.h>

#include <takt/sample/sample.hpp>

#include "runtime/scenario/stage/recorder.hpp"

namespace takt::scenario {
namespace {

using std::chrono::milliseconds;

using Samples = std::vector<std::pair<milliseconds, double>>;
const Samples kTwoAtOneInstant{
    {milliseconds(0), 1.0}, {milliseconds(1), 2.0}, {milliseconds(1), 0.0}};

class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    spec_.signals.resize(1);
    spec_.signals[0].name = "u";
    spec_.signals[0].node = "drive";
    spec_.signals[0].port = "output";
    spec_.signals[0].field = "value";
  }

  // The trace of samples that were published one after another, of a run that ended at `end`.
  SignalTrace recorded(const Samples& samples, milliseconds end) {
    Recorder sut(spec_);
    const Layout& layout = layout_of<Scalar>();
    EXPECT_TRUE(sut.attach({{"drive.output", "V", layout}}));
    for (const auto& [t, value] : samples) {
      tap::Frame frame;
      frame.header.since_barrier_ns = nanoseconds(t).count();
      frame.sample.resize(sizeof(Scalar));
      std::memcpy(frame.sample.data(), &value, sizeof value);
      sut.add(frame);
    }
    sut.end(end);
    return sut.take().signals[0];
  }

  ScenarioSpec spec_;
};

TEST_F(RecorderTest, LeavesOutWhatAnActuatorSendsBecauseTheRunIsOver) {
  const auto sut = recorded(kTwoAtOneInstant, milliseconds(1));

  EXPECT_EQ(sut.values, (std::vector<double>{1.0, 2.0}));
}

TEST_F(RecorderTest, KeepsTheNewerOfTwoSamplesOfAnInstantWithinTheRun) {
  const auto sut = recorded(kTwoAtOneInstant, milliseconds(2));

  EXPECT_EQ(sut.values, (std::vector<double>{1.0, 0.0}));
}

}  // namespace
}  // namespace takt::scenario
