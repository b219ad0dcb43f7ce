// The pendulum that the repository ships, with a controller that dies while the cart moves. Its
// drive is a device here, so that an observer sees the force at the far end of a wire.
//
//   reference --> balance --> drive ~~UDP~~> observer
//                    ^          +--> pendulum --+
//                    +----- pendulum.state -----+
//
// Judged: the force is safe within the limit of the data's age, the controller goes on from its
// snapshot, and the pole stands in the end.
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observer.hpp"

namespace takt::test {
namespace {

using observer::Seen;

constexpr int kKilledAttemptsMax = 10;
constexpr double kSafeForce = 0.0;
// The drive's max_data_age in the shipped graph. It is data-triggered: lateness comes on top, and a
// run in which that matters is void.
constexpr std::int64_t kBoundNs = 50'000'000;
// Moves the cart: the step of the reference, at 1 s, asks for -12 N.
constexpr double kMoving = 1.0;
constexpr std::size_t kDatagramsUnderway = 20;

void replace(std::string& text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the shipped graph has no '" << from << "' any more";
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string graph_with(const observer::Port& device) {
  std::ifstream file(shipped_graph("invpend.yaml"));
  std::stringstream all;
  all << file.rdbuf();
  std::string text = all.str();
  replace(text, "graph: invpend\n", "graph: invpend\nstart: armed\nrearm: auto\n");
  replace(text, "[takt_nodes]", "[takt_nodes, takt_integration_nodes]");
  replace(text, "type: controller/state_feedback", "type: test/balance\n    restart: on_failure");
  replace(text, "type: actuator/limiter",
          format("type: actuator/udp\n    on_silence: {{device_timeout: 100ms}}\n"
                 "    params: {{port: {}}}",
                 device.number()));
  replace(text, "safe: {output: 0 N}", "safe: {applied: 0 N}");
  replace(
      text,
      "    safe: {applied: 0 N}           # a pole cannot be held without a controller: let it go\n"
      "    units: {output: N}",
      "    safe: {applied: 0 N}\n    units: {applied: N}");
  replace(text, "drive.output", "drive.applied");
  return text;
}

struct Killed {
  std::string disturbance;  // Empty: a run that may be judged.
  std::vector<Seen> seen;
  std::int64_t stopped_ns = 0;
  std::vector<double> angle, position, steps;
  std::string err;
};

// Nodes that the fault leaves alone have not been late, and the observer saw one safe episode.
std::string disturbance_of(const Json& summary, const std::vector<Seen>& seen) {
  std::string found;
  for (const char* name : {"reference", "pendulum"}) {
    for (const char* counter : {"overruns", "skipped"}) {
      const Json& count = node_of(summary, name).at(counter);
      if (count != 0) found += format(" {} {} {}", name, counter, count.dump());
    }
  }
  std::size_t episodes = 0;
  bool moves = false;
  for (const Seen& one : seen) {
    const bool safe = one.value == kSafeForce;
    if (moves && safe) ++episodes;
    moves = !safe;
  }
  // The second one is the end.
  if (episodes != 2) found += format(" {} times safe", episodes);
  return found;
}

std::vector<double> column(Child& echo) {
  EXPECT_EQ(echo.wait(), 0) << echo.err();
  std::vector<double> values;
  const auto lines = lines_of(echo.out());
  for (std::size_t i = 1; i < lines.size(); ++i) values.push_back(cells_of(lines[i]).at(2));
  return values;
}

// A restart alone may be faster than the age limit: the controller stands still until the observer
// has seen the safe force, and then it is killed.
Killed kill_once() {
  Killed result;
  observer::Port device;
  Instance sut;
  const auto follow = [&](const std::string& topic) {
    return sut.start("echo", {topic, "--csv", "--wait", "20s"});
  };
  auto angle = follow("pendulum.angle"), position = follow("pendulum.position");
  auto steps = follow("balance.steps");
  auto run = sut.run(graph_with(device), {"--await-taps", "3", "--for", "6s", "--json"});
  std::size_t moving = 0;
  EXPECT_TRUE(device.sees([&](const Seen& one) {
    if (moving == 0 && std::abs(one.value) > kMoving) moving = one.sequence;
    return moving > 0 && one.sequence >= moving + kDatagramsUnderway;
  })) << run->err();
  const pid_t controller = node_of(sut.ps(), "balance").at("pid").get<pid_t>();

  EXPECT_EQ(::kill(controller, SIGSTOP), 0);
  result.stopped_ns = observer::now_ns();
  EXPECT_TRUE(device.sees([&](const Seen& one) {
    return one.arrival_ns > result.stopped_ns && one.value == kSafeForce;
  }));
  EXPECT_EQ(::kill(controller, SIGKILL), 0);

  EXPECT_EQ(run->wait(), 0) << run->err();
  result.err = run->err();
  result.seen = device.all();
  result.angle = column(*angle);
  result.position = column(*position);
  result.steps = column(*steps);
  result.disturbance = disturbance_of(summary_of(*run), result.seen);
  return result;
}

// From the arrival of the last command before the safe force to that of the safe force. The sample
// behind that command is older by what the chain takes, well under a millisecond.
std::int64_t age_of_the_last_command(const Killed& run) {
  for (std::size_t i = 1; i < run.seen.size(); ++i) {
    if (run.seen[i].arrival_ns < run.stopped_ns || run.seen[i].value != kSafeForce) continue;
    return run.seen[i].arrival_ns - run.seen[i - 1].arrival_ns;
  }
  return -1;
}

TEST(TheShippedPendulum, SurvivesTheDeathOfItsController) {
  Killed run;
  for (int i = 1; i <= kKilledAttemptsMax; ++i) {
    run = kill_once();
    std::printf("attempt %d: %s\n", i,
                run.disturbance.empty() ? "undisturbed" : run.disturbance.c_str());
    std::fflush(stdout);
    if (run.disturbance.empty() || HasFailure()) break;
  }
  ASSERT_TRUE(run.disturbance.empty()) << "the host disturbed every attempt";
  ASSERT_FALSE(run.seen.empty());

  const std::int64_t age = age_of_the_last_command(run);
  std::printf("safe %.2f ms after the last command (bound %.0f ms)\n",
              static_cast<double>(age) / 1e6, static_cast<double>(kBoundNs) / 1e6);
  EXPECT_GT(age, 0);
  EXPECT_LE(age, kBoundNs);
  EXPECT_EQ(run.seen.back().value, kSafeForce);

  EXPECT_NE(run.err.find("'balance' is back"), std::string::npos) << run.err;
  ASSERT_GT(run.steps.size(), 300U);
  for (std::size_t i = 1; i < run.steps.size(); ++i) {
    ASSERT_EQ(run.steps[i], run.steps[i - 1] + 1.0) << "it goes on counting where it died";
  }

  ASSERT_GT(run.angle.size(), 500U);
  double largest = 0.0;
  for (const double angle : run.angle) largest = std::max(largest, std::abs(angle));
  std::printf("largest angle %.3f rad, last %.5f rad, last position %.5f m\n", largest,
              run.angle.back(), run.position.back());
  EXPECT_LT(std::abs(run.angle.back()), 0.01);
  EXPECT_NEAR(run.position.back(), 0.19857, 0.01);
}

}  // namespace
}  // namespace takt::test
