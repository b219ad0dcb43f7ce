// What a scenario does to a run: injections, planned faults, the wire.
#include <algorithm>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

constexpr std::int64_t kMs = 1'000'000;

//   outside ~~> pid --> drive
//                ^        |
//                +- motor <
std::string graph(const std::string& restart) {
  return format(R"(takt: 1
graph: rehearsed
libraries: [takt_nodes, takt_integration_nodes]
nodes:
  motor:
    type: plant/dc_motor
    period: 1ms
    priority: 60
    restart: {}
    inputs: {{voltage: {{from: drive.output, initial: 0 V}}}}
  pid:
    type: controller/pid
    on: measurement
    priority: 61
    inputs:
      measurement: {{from: motor.speed, max_age: 4ms}}
      reference: {{from: external, initial: 0 rad/s}}
    params: {{kp: 100, ki: 200, kd: 10, tf: 10ms, b: 1, c: 1}}
    units: {{output: V}}
  drive:
    type: actuator/limiter
    on: command
    priority: 62
    safe: {{output: 0 V}}
    inputs: {{command: {{from: pid.output, max_age: 5ms, max_data_age: 20ms}}}}
)",
                restart);
}

struct Rehearsed {
  std::vector<Json> events;
  Json end;         // result, reason, instants, summary
  std::string out;  // Of a tool that saw every sample.
  std::string said;

  std::vector<Json> named(const std::string& event) const {
    std::vector<Json> found;
    std::copy_if(events.begin(), events.end(), std::back_inserter(found),
                 [&](const Json& e) { return e.at("event") == event; });
    return found;
  }
  double value_at(std::int64_t ms) const {
    const std::string stamp = format("{:.9f}", static_cast<double>(ms) * 1e-3);
    for (const std::string& line : lines_of(out)) {
      if (line.rfind(stamp, 0) == 0) return cells_of(line).at(2);
    }
    ADD_FAILURE() << "no sample at " << stamp << " in\n" << out;
    return 0.0;
  }
};

Rehearsed rehearse(Json plan, const std::string& topic, const std::string& restart = "never") {
  Instance sut;
  plan["graph"] = sut.folder().write("graph.yaml", graph(restart));
  std::unique_ptr<Child> echo;
  if (!topic.empty()) {
    plan["await_taps"] = 1;
    echo = sut.start("echo", {topic, "--csv", "--wait", "20s"});
  }
  const std::string file = sut.folder().write("plan.json", plan.dump());
  Child run({TAKT_REHEARSE, sut.name(), file}, {.environment = {"TAKT_NODE_PATH=" TAKT_NODES}});
  Rehearsed seen;
  EXPECT_EQ(run.wait(), 0) << run.err();
  if (echo) {
    EXPECT_EQ(echo->wait(), 0) << echo->err();
    seen.out = echo->out();
  }
  seen.said = run.err();
  for (const std::string& line : lines_of(run.out())) {
    auto json = parse_json(line);
    if (json && json->contains("event")) seen.events.push_back(*json);
    if (json && json->contains("result")) seen.end = *json;
  }
  return seen;
}

Json injection(const std::string& input, const std::string& verb, std::int64_t from_ms,
               std::int64_t until_ms) {
  const auto parts = split(input, '.');
  return {{"name", verb}, {"node", parts[0]},         {"input", parts[1]},
          {"verb", verb}, {"from_ns", from_ms * kMs}, {"until_ns", until_ms * kMs}};
}

TEST(Rehearsal, DrivesAnExternalInputAtItsExactInstant) {
  Json drive = injection("pid.reference", "set", 10, 20);
  drive["points"] = Json::array({Json::array({10 * kMs, 5.0}), Json::array({15 * kMs, -5.0})});

  const auto sut = rehearse({{"for_ns", 30 * kMs}, {"injections", {drive}}}, "pid.output");

  // The proportional part alone is 100 times the error.
  EXPECT_EQ(sut.value_at(9), 0.0);
  EXPECT_GT(sut.value_at(10), 300.0);
  EXPECT_GT(sut.value_at(14), 300.0);
  EXPECT_LT(sut.value_at(15), -300.0);
  EXPECT_LT(sut.value_at(19), -300.0);
  const Json& input = by_name(node_of(sut.end.at("summary"), "pid").at("inputs"), "reference");
  EXPECT_EQ(input.at("from"), "external");
  EXPECT_EQ(input.at("injected"), 10);
}

TEST(Rehearsal, OffLetsTheInputTurnStaleAndTheActuatorGoSafe) {
  const auto sut = rehearse(
      {{"for_ns", 40 * kMs}, {"injections", {injection("pid.measurement", "off", 10, 30)}}},
      "drive.output");

  const Json& pid = node_of(sut.end.at("summary"), "pid");
  EXPECT_EQ(by_name(pid.at("inputs"), "measurement").at("injected"), 20);
  EXPECT_GT(pid.at("stale_steps"), 0);
  EXPECT_GT(node_of(sut.end.at("summary"), "drive").at("stale_steps"), 0);
}

// A node that waits for data is released at the instant at which a delayed sample arrives.
TEST(Rehearsal, ADelayedSampleReleasesItsReaderAtItsExactInstant) {
  Json late = injection("pid.measurement", "delayed", 0, 1000);
  late["by_ns"] = 2 * kMs + 250'000;

  const auto sut = rehearse({{"for_ns", 20 * kMs}, {"injections", {late}}}, "pid.output");

  const auto lines = lines_of(sut.out);
  ASSERT_GT(lines.size(), 10U);
  EXPECT_EQ(lines[1].substr(0, 11), "0.002250000") << sut.out;
  EXPECT_EQ(lines[2].substr(0, 11), "0.003250000") << sut.out;
}

TEST(Rehearsal, APlannedKillAndItsRestartGiveTheSameBytesInEveryRun) {
  Json noise = injection("pid.measurement", "noise", 0, 1000);
  noise["sd"] = 0.01;
  noise["seed"] = 5;
  const Json plan = {{"for_ns", 200 * kMs},
                     {"injections", {noise}},
                     {"faults",
                      {{{"name", "k"},
                        {"node", "motor"},
                        {"kind", "kill"},
                        {"at_ns", 50 * kMs},
                        {"restart_time_ns", 30 * kMs}}}}};

  const auto first = rehearse(plan, "drive.output", "on_failure");
  const auto second = rehearse(plan, "drive.output", "on_failure");

  EXPECT_GT(lines_of(first.out).size(), 171U);
  EXPECT_EQ(first.out, second.out);
  EXPECT_EQ(first.end.at("result"), "ok") << first.said;
  ASSERT_EQ(first.named("exit").size(), 1U);
  EXPECT_EQ(first.named("exit")[0].at("t_ns"), 50 * kMs);
  EXPECT_EQ(first.named("exit")[0].at("planned"), true);
  ASSERT_EQ(first.named("ready").size(), 1U);
  EXPECT_EQ(first.named("ready")[0].at("t_ns"), 80 * kMs);
  EXPECT_EQ(first.named("ready")[0].at("planned"), true);
  const Json& motor = node_of(first.end.at("summary"), "motor");
  EXPECT_EQ(motor.at("restarts"), 1);
  EXPECT_EQ(motor.at("cycles"), 50 + 121) << "0 to 49 ms, and 80 to 200 ms";
}

TEST(Rehearsal, ANodeThatIsKilledForGoodIsMissedAndTheRunGoesOn) {
  const auto sut = rehearse(
      {{"for_ns", 100 * kMs},
       {"faults", {{{"name", "k"}, {"node", "motor"}, {"kind", "kill"}, {"at_ns", 50 * kMs}}}}},
      "");

  EXPECT_EQ(sut.end.at("result"), "ok") << sut.said;
  EXPECT_EQ(node_of(sut.end.at("summary"), "motor").at("cycles"), 50);
  EXPECT_EQ(sut.end.at("summary").at("elapsed_s"), 0.1);
  EXPECT_TRUE(sut.named("ready").empty());
}

TEST(Rehearsal, AStoppedNodeHasNoTurnUntilItGoesOn) {
  const auto sut = rehearse({{"for_ns", 100 * kMs},
                             {"faults",
                              {{{"name", "s"},
                                {"node", "motor"},
                                {"kind", "stop"},
                                {"at_ns", 50 * kMs},
                                {"until_ns", 70 * kMs}}}}},
                            "");

  const Json& motor = node_of(sut.end.at("summary"), "motor");
  EXPECT_EQ(motor.at("cycles"), 50 + 31);
  EXPECT_EQ(motor.at("skipped"), 20);
  ASSERT_EQ(sut.named("stopped").size(), 1U);
  EXPECT_EQ(sut.named("stopped")[0].at("t_ns"), 50 * kMs);
  ASSERT_EQ(sut.named("continued").size(), 1U);
  EXPECT_EQ(sut.named("continued")[0].at("t_ns"), 70 * kMs);
}

TEST(Rehearsal, AScenarioThatSetsThePaceAnswersEachInstant) {
  Json order = {{"at_ns", 20 * kMs}, {"inject", {injection("pid.reference", "set", 0, 1000)}}};
  order["inject"][0]["points"] = Json::array({Json::array({0, 5.0})});
  const Json end = {{"at_ns", 40 * kMs}, {"end", "seen enough"}};

  const auto sut = rehearse({{"paced", true}, {"orders", {order, end}}}, "pid.output");

  EXPECT_EQ(sut.end.at("instants"), 41);
  EXPECT_EQ(sut.end.at("result"), "ok") << sut.said;
  EXPECT_EQ(sut.end.at("reason"), "seen enough");
  EXPECT_EQ(sut.value_at(20), 0.0) << "the answer comes after the instant";
  EXPECT_GT(sut.value_at(21), 300.0);
}

TEST(Rehearsal, WhatCannotBeDoneIsSaidOnTheWire) {
  const auto sut = rehearse(
      {{"for_ns", 5 * kMs},
       {"injections", {injection("pid.mesurement", "off", 1, 2)}},
       {"faults",
        {{{"name", "h"}, {"node", "motor"}, {"kind", "hog"}, {"at_ns", 0}, {"until_ns", kMs}}}}},
      "");

  const auto refused = sut.named("refused");
  ASSERT_EQ(refused.size(), 2U);
  EXPECT_NE(refused[0].at("message").get<std::string>().find("did you mean 'measurement'?"),
            std::string::npos);
  EXPECT_EQ(refused[1].at("name"), "h");
}

TEST(Rehearsal, EndsWhenTheScenarioLeaves) {
  const auto sut = rehearse({{"paced", true}, {"leave_ns", 30 * kMs}}, "");

  EXPECT_EQ(sut.end.at("result"), "ok");
  EXPECT_EQ(sut.end.at("reason"), "the scenario has left");
}

TEST(Rehearsal, InRealTimeFaultsComeByTheMachinesClock) {
  Json plan = {{"clock", "realtime"},
               {"orders", {{{"at_ns", 0}, {"on", "ready"}, {"end", "it is back"}}}},
               {"injections", {injection("pid.measurement", "off", 100, 200)}},
               {"faults",
                {{{"name", "s"},
                  {"node", "motor"},
                  {"kind", "stop"},
                  {"at_ns", 300 * kMs},
                  {"until_ns", 350 * kMs}},
                 {{"name", "k"}, {"node", "motor"}, {"kind", "kill"}, {"at_ns", 600 * kMs}}}}};

  const auto sut = rehearse(plan, "", "on_failure");

  EXPECT_EQ(sut.end.at("result"), "ok") << sut.said;
  EXPECT_EQ(sut.end.at("reason"), "it is back");
  EXPECT_EQ(sut.events.front().at("event"), "barrier");
  ASSERT_EQ(sut.named("stopped").size(), 1U);
  EXPECT_GE(sut.named("stopped")[0].at("t_ns"), 300 * kMs);
  ASSERT_EQ(sut.named("exit").size(), 1U);
  EXPECT_EQ(sut.named("exit")[0].at("planned"), true);
  EXPECT_GE(sut.named("exit")[0].at("t_ns"), 600 * kMs);
  EXPECT_EQ(sut.named("ready").size(), 1U);
  const Json& pid = node_of(sut.end.at("summary"), "pid");
  EXPECT_GT(by_name(pid.at("inputs"), "measurement").at("injected"), 0);
  const auto states = sut.named("state");
  EXPECT_TRUE(std::any_of(states.begin(), states.end(),
                          [](const Json& e) { return e.at("state") == "degraded"; }));
}

// By hand.
struct Inject : testing::Test {
  Instance sut;
  std::unique_ptr<Child> run =
      sut.run(graph("never"), {"--clock", "lockstep", "--speed", "1", "--json"});

  void SetUp() override { ASSERT_TRUE(sut.runs()) << run->err(); }
  // What the command said.
  std::string said(const std::string& verb, const std::vector<std::string>& arguments, int code) {
    auto command = sut.start(verb, arguments);
    EXPECT_EQ(command->wait(), code) << command->err();
    return command->err();
  }
  std::int64_t injected(const std::string& input) {
    return by_name(node_of(sut.ps(), "pid").at("inputs"), input).at("injected");
  }
};

TEST_F(Inject, HurtsATopicForEveryoneWhoReadsIt) {
  EXPECT_NE(said("inject", {"wrong", "motor.speed", "--bias", "0.1 rad/s", "--for", "1min"}, 0)
                .find("at pid.measurement"),
            std::string::npos);
  while (injected("measurement") == 0 && !run->ended()) {
  }
  EXPECT_TRUE(run->says("injected: wrong 'motor.speed' for 60 s at pid.measurement"));
}

TEST_F(Inject, ForceDrivesAnExternalInput) {
  EXPECT_NE(said("force", {"pid.refrence", "2 rad/s", "--for", "1min"}, 1)
                .find("did you mean 'reference'?"),
            std::string::npos);
  EXPECT_NE(said("force", {"pid.reference", "2 V", "--for", "1min"}, 1).find("rad/s"),
            std::string::npos);
  said("force", {"pid.reference", "2 rad/s", "--for", "1min"}, 0);
  while (injected("reference") == 0 && !run->ended()) {
  }
  EXPECT_EQ(sut.ps().at("forces").at(0).at("input"), "pid.reference");
  EXPECT_TRUE(run->says("forced: pid.reference = 2 rad/s for 60 s"));
}

TEST_F(Inject, IsRefusedInWords) {
  const auto refused = [&](const std::vector<std::string>& arguments, int code,
                           const std::string& why) {
    const std::string words = said("inject", arguments, code);
    EXPECT_NE(words.find(why), std::string::npos) << words;
  };
  refused({"off", "motr.speed", "--for", "1s"}, 1, "did you mean 'motor'?");
  refused({"off", "motor.sped", "--for", "1s"}, 1, "did you mean 'speed'?");
  refused({"off", "motor.current", "--for", "1s"}, 1, "nobody reads 'motor.current'");
  refused({"off", "motor.speed.value", "--for", "1s"}, 1, "off acts on whole samples");
  refused({"off", "motor.speed", "--for", "11min"}, 1, "at most 10 min");
  refused({"off", "motor.speed"}, 2, "off needs --for TIME");
  refused({"noise", "motor.speed", "--for", "1s"}, 2, "noise needs --sd");
  refused({"off", "motor.speed", "--for", "1s", "--drop", "0.1"}, 2, "--drop goes with");
  refused({"delayed", "motor.speed", "--by", "1s", "--for", "1s"}, 1, "cannot wait");
  refused({"wrong", "motor.speed", "--bias", "1 V", "--for", "1s"}, 1, "rad/s");
}

}  // namespace
}  // namespace takt::test
