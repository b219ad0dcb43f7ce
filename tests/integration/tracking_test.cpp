// A controller that is told what its actuator really applied.
//
//   set_point (1 rad/s) --> speed_pid --> drive (disarmed: 0 V) --> motor --> speed_pid
//                               ^-- tracking --+
#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

std::string disarmed_motor(const std::string& tracking) {
  return format(R"(takt: 1
graph: tracking
start: disarmed
real_time: best_effort
libraries: [takt_nodes]
nodes:
  set_point: {{type: source/profile, period: 10ms, priority: 73,
    params: {{shape: step, at: 0s, from: 1 rad/s, to: 1 rad/s}}}}
  motor: {{type: plant/dc_motor, period: 1ms, priority: 70,
    inputs: {{voltage: {{from: drive.output, initial: 0 V}}}}}}
  speed_pid:
    type: controller/pid
    on: measurement
    priority: 71
    inputs: {{measurement: {{from: motor.speed, max_age: 1s}}, reference: set_point.value{}}}
    params: {{kp: 100, ki: 200, tt: 50ms}}
    units: {{output: V}}
  drive:
    type: actuator/limiter
    on: command
    priority: 72
    safe: {{output: 0 V}}
    inputs: {{command: {{from: speed_pid.output, max_age: 1s, max_data_age: 1s}}}}
)",
                tracking);
}

// What the controller asks for after a second and a half in which nothing moved.
double command_after_waiting(const std::string& graph) {
  Instance sut;
  auto run = sut.run(graph);
  EXPECT_TRUE(sut.runs()) << run->err();
  while (node_of(sut.ps(), "speed_pid").at("cycles") < 1500 && !run->ended()) {
  }
  auto echo = sut.start("echo", {"speed_pid.output", "--csv", "-n", "1"});
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  return cells_of(lines_of(echo->out()).back()).at(2);
}

TEST(AControllerThatTracksWhatIsApplied, DoesNotWindUpWhileTheGraphIsDisarmed) {
  // Where d/dt I = ki * e + (applied - v) / tt is 0: v = tt * ki * e = 0.05 * 200 * 1 V.
  EXPECT_NEAR(command_after_waiting(disarmed_motor(", tracking: drive.output")), 10.0, 1e-6);
}

TEST(AControllerThatDoesNotTrack, WindsUpWhileTheGraphIsDisarmed) {
  EXPECT_GT(command_after_waiting(disarmed_motor("")), 100.0 + 200.0 * 1.5 - 1.0)
      << "kp * e + ki * e * t: what the test above would miss";
}

}  // namespace
}  // namespace takt::test
