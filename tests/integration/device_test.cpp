// What the device at the end of a wire receives, whatever happens to the graph. Judged by an
// observer that links nothing of takt.
//
//   set_point (5, every 5 ms) --> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#include <cmath>
#include <csignal>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

bool is_command(const Seen& one) { return one.value == kCommand; }

std::string device_graph(const observer::Port& device) {
  return wire_graph(device, "start: armed\n");
}

// Every datagram is one of ours, in order, and carries one of the two values.
void expect_sane(const std::vector<Seen>& seen) {
  ASSERT_FALSE(seen.empty());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].magic, "TKT1");
    EXPECT_EQ(seen[i].size, 32U);
    EXPECT_EQ(seen[i].incarnation, 1U);
    EXPECT_EQ(seen[i].sequence, i) << "none is lost on the way";
    EXPECT_TRUE(seen[i].value == kCommand || seen[i].value == kSafe) << seen[i].value;
    EXPECT_LE(seen[i].stamp_ns, seen[i].arrival_ns);
    if (i > 0) {
      EXPECT_GE(seen[i].stamp_ns, seen[i - 1].stamp_ns);
    }
  }
}

TEST(ADevice, IsSafeBeforeTheFirstCommandAndAfterStop) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(device_graph(device), {"--json"});
  ASSERT_TRUE(device.sees(is_command)) << run->err();

  EXPECT_EQ(sut.start("stop")->wait(), 0);

  EXPECT_EQ(run->wait(), 0) << run->err();
  const auto seen = device.all();
  expect_sane(seen);
  EXPECT_EQ(seen.front().value, kSafe);
  EXPECT_EQ(seen.back().value, kSafe);
  const auto published =
      by_name(node_of(summary_of(*run), "valve").at("outputs"), "applied").at("published");
  EXPECT_EQ(published.get<std::size_t>() + 1, seen.size())
      << "the topic says what the device was sent, but for the first safe value";
}

TEST(ADevice, IsSafeInTheEndWhenTheControllerIsKilled) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(device_graph(device), {"--json"});
  ASSERT_TRUE(device.sees(is_command)) << run->err();
  const pid_t controller = node_of(sut.ps(), "set_point").at("pid").get<pid_t>();

  ASSERT_EQ(::kill(controller, SIGKILL), 0);

  EXPECT_EQ(run->wait(), 1) << "a node died";
  const auto seen = device.all();
  expect_sane(seen);
  EXPECT_EQ(seen.back().value, kSafe);
}

TEST(ADevice, IsSafeInTheEndWhenTheSupervisorIsKilled) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(device_graph(device));
  ASSERT_TRUE(device.sees(is_command)) << run->err();

  const auto pids = children_of(run->pid());
  ASSERT_EQ(pids.size(), 3U);

  run->signal(SIGKILL);

  EXPECT_GE(seconds_until_gone(pids), 0.0);
  EXPECT_EQ(run->wait(), 1000 + SIGKILL);
  const auto seen = device.all();
  expect_sane(seen);
  EXPECT_EQ(seen.back().value, kSafe);
}

TEST(ADevice, IsSafeWhileTheControllerStandsStillAndDrivenAgainAfterwards) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(device_graph(device), {"--json"});
  ASSERT_TRUE(device.sees(is_command)) << run->err();
  const pid_t controller = node_of(sut.ps(), "set_point").at("pid").get<pid_t>();

  ASSERT_EQ(::kill(controller, SIGSTOP), 0);
  std::uint64_t safe_at = 0;
  EXPECT_TRUE(device.sees([&](const Seen& one) {
    safe_at = one.sequence;
    return one.sequence > 0 && one.value == kSafe;
  }));
  ASSERT_EQ(::kill(controller, SIGCONT), 0);
  EXPECT_TRUE(device.sees(
      [&](const Seen& one) { return one.sequence > safe_at && one.value == kCommand; }));

  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  const auto seen = device.all();
  expect_sane(seen);
  EXPECT_EQ(seen.back().value, kSafe);
}

// Disarmed: held, then ramped, and the end is the safe value.
TEST(ADevice, IsHeldAndThenRampedToItsSafeValueWhereTheGraphSaysSo) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(wire_graph(device, "start: armed\n", "{hold: 100ms, ramp: 200ms, to: -1}"),
                     {"--json"});
  ASSERT_TRUE(device.sees(is_command)) << run->err();
  EXPECT_EQ(device.seen().front().value, kSafe) << "nothing was driven before: at once";

  ASSERT_EQ(sut.start("disarm")->wait(), 0);
  ASSERT_TRUE(device.sees([](const Seen& one) { return one.sequence > 0 && one.value == kSafe; }));

  run->signal(SIGINT);
  EXPECT_EQ(run->wait(), 0) << run->err();
  const auto seen = device.all();
  std::size_t between = 0;
  std::int64_t last_command = 0, first_safe = 0;
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (last_command != 0) {
      EXPECT_LE(seen[i].value, seen[i - 1].value) << "never back up";
    }
    if (seen[i].value == kCommand) last_command = seen[i].stamp_ns;
    if (seen[i].value < kCommand && seen[i].value > kSafe) ++between;
    if (seen[i].value == kSafe && first_safe == 0) first_safe = seen[i].stamp_ns;
  }
  EXPECT_GT(between, 0U);
  EXPECT_GE(first_safe - last_command, 190'000'000) << "the ramp takes its time";
}

//   controller (test/faulty: NaN in its 100th step, and for good if nobody resets it) --> valve
TEST(ADevice, NeverReceivesTheNaNOfAControllerThatGoesOnAfterItsReset) {
  observer::Port device;
  Instance sut;
  std::string graph = wire_graph(device, "start: armed\n");
  const auto replace = [&](const std::string& what, const std::string& with) {
    graph.replace(graph.find(what), what.size(), with);
  };
  replace("[takt_nodes]", "[takt_nodes, takt_integration_nodes]");
  replace("source/profile", "test/faulty");
  replace("{shape: step, at: 0s, from: 5, to: 5}", "{step: nan, at: 100, value: 5}");
  replace("set_point.value", "set_point.out");
  auto run = sut.run(graph, {"--json"});

  // Far behind the step that went wrong.
  ASSERT_TRUE(device.sees([](const Seen& one) { return one.sequence > 200 && is_command(one); }))
      << run->err();

  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
  expect_sane(device.all());
  EXPECT_EQ(node_of(summary_of(*run), "set_point").at("non_finite"), 1) << "one sample refused";
}

// set_point --> valve ~~UDP~~> sensor --> echo: both stock nodes, as two processes of one graph.
TEST(TheUdpNodes, CarryNumbersFromOneToTheOther) {
  std::uint16_t port = 0;
  {
    const observer::Port free;
    port = free.number();
  }
  Instance sut;
  auto echo = sut.start("echo", {"sensor.value", "--csv", "--wait", "20s"});
  auto run = sut.run(format(R"(takt: 1
graph: wire
start: armed
real_time: best_effort
libraries: [takt_nodes]
nodes:
  set_point:
    type: source/profile
    period: 5ms
    params: {{shape: ramp, at: 0s, from: 0, to: 1, duration: 1s}}
  valve:
    type: actuator/udp
    on: command
    safe: {{applied: -1}}
    on_silence: {{device_timeout: 100ms}}
    inputs: {{command: {{from: set_point.value, max_age: 300ms}}}}
    params: {{port: {0}, scale: 100}}
  sensor: {{type: sensor/udp, period: 5ms, params: {{port: {0}, scale: 0.01}}}}
)",
                            port),
                     {"--await-taps", "1", "--for", "2s", "--json"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
  const auto lines = lines_of(echo->out());
  ASSERT_GT(lines.size(), 100U);
  double last = -1.0;
  bool arrived = false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const double value = cells_of(lines[i]).at(2);
    if (value == -1.0) continue;  // Safe: at the start and at the end.
    EXPECT_GE(value, last) << "a ramp, in order";
    last = value;
    arrived = arrived || std::abs(value - 1.0) < 1e-12;
  }
  EXPECT_TRUE(arrived) << last;
}

TEST(ADevice, IsLeftSafeByAStartThatIsRefused) {
  observer::Port device;
  Instance sut;
  auto run = sut.run(device_graph(device) + R"(  broken:
    type: source/profile
    period: 5ms
    params: {shape: table, file: none.csv}
)",
                     {"--json"});

  EXPECT_EQ(run->wait(), 1) << run->err();
  for (const Seen& one : device.all()) EXPECT_EQ(one.value, kSafe);
}

}  // namespace
}  // namespace takt::test
