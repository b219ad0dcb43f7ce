// A device whose command has a fallback, judged at the far end of the wire.
//
//   main (5, every 5 ms)  --+
//                           +--> valve (actuator/udp, safe value -1) ~~UDP~~> observer
//   spare (3, every 5 ms) --+
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/wire_graph.hpp"

namespace takt::test {
namespace {

using observer::Seen;

constexpr double kMain = 5.0;
constexpr double kSpare = 3.0;

std::string two_controllers(const observer::Port& device) {
  return format(R"(takt: 1
graph: fallback
start: armed
rearm: manual
real_time: best_effort
libraries: [takt_nodes]
defaults: {{restart: on_failure}}
nodes:
  main:
    type: source/profile
    period: 5ms
    params: {{shape: step, at: 0s, from: 5, to: 5}}
  spare:
    type: source/profile
    period: 5ms
    params: {{shape: step, at: 0s, from: 3, to: 3}}
  valve:
    type: actuator/udp
    on: command
    safe: {{applied: -1}}
    on_silence: holds_last
    inputs: {{command: {{from: [main.value, spare.value], max_age: 300ms}}}}
    params: {{port: {}}}
)",
                device.number());
}

struct AFallback : testing::Test {
  observer::Port device;
  Instance sut;
  std::unique_ptr<Child> run;

  void start() {
    run = sut.run(two_controllers(device), {"--json"});
    ASSERT_TRUE(sees_next(kMain)) << run->err();
  }
  // Whether the device is sent `value` after what it had been sent at the last call.
  bool sees_next(double value) {
    return device.sees([&](const Seen& one) {
      if (one.sequence < next_ || one.value != value) return false;
      next_ = one.sequence + 1;
      return true;
    });
  }
  void signal_main(int signal) {
    ASSERT_EQ(::kill(node_of(sut.ps(), "main").at("pid").get<pid_t>(), signal), 0);
  }
  // Between its first command and the stop the device was never made safe.
  void expect_always_driven() {
    EXPECT_EQ(sut.start("stop")->wait(), 0);
    EXPECT_EQ(run->wait(), 0) << run->err();
    auto seen = device.all();
    const auto drives = [](const Seen& one) { return one.value != kSafe; };
    const auto first = std::find_if(seen.begin(), seen.end(), drives);
    const auto last = std::find_if(seen.rbegin(), seen.rend(), drives).base();
    EXPECT_TRUE(std::all_of(first, last, drives));
    EXPECT_EQ(seen.back().value, kSafe);
  }

 private:
  std::uint64_t next_ = 0;
};

TEST_F(AFallback, DrivesTheDeviceWhileTheFirstControllerStandsStillAndGivesWayAfterwards) {
  start();

  signal_main(SIGSTOP);
  EXPECT_TRUE(sees_next(kSpare)) << run->err();
  const Json now = by_name(node_of(sut.ps(), "valve").at("inputs"), "command");
  EXPECT_EQ(now.at("source"), "spare.value");
  EXPECT_EQ(now.at("fallbacks"), Json::array({"spare.value"}));
  signal_main(SIGCONT);
  EXPECT_TRUE(sees_next(kMain)) << "fresh for 3 s";

  expect_always_driven();
  EXPECT_EQ(by_name(node_of(summary_of(*run), "valve").at("inputs"), "command").at("switches"), 2);
  EXPECT_NE(run->err().find("input 'valve.command' reads 'spare.value': 'main.value' is too old"),
            std::string::npos)
      << run->err();
  EXPECT_NE(run->err().find("input 'valve.command' reads 'main.value': it is fresh again"),
            std::string::npos)
      << run->err();
}

TEST_F(AFallback, DrivesTheDeviceWhenTheFirstControllerIsKilledAndStartedAgain) {
  start();

  signal_main(SIGSTOP);  // So that it does not come back within the age limit.
  EXPECT_TRUE(sees_next(kSpare)) << run->err();
  signal_main(SIGKILL);
  EXPECT_TRUE(sees_next(kMain)) << run->err();

  EXPECT_EQ(node_of(sut.ps(), "main").at("restarts"), 1);
  expect_always_driven();
}

TEST_F(AFallback, IsListedByCheck) {
  auto check = takt({"check", sut.folder().write("graph.yaml", two_controllers(device))});

  EXPECT_EQ(check->wait(), 0) << check->err();
  EXPECT_NE(
      check->out().find("fallback: spare.value -> valve.command (while main.value is too old)"),
      std::string::npos)
      << check->out();
}

}  // namespace
}  // namespace takt::test
