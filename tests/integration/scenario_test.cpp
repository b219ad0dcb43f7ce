// `takt test`: scenarios of real processes in lockstep, their verdicts and what they leave behind.
//
//   external --> speed_pid --> drive --> motor --+
//                    ^                           |
//                    +------- motor.speed -------+
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

constexpr const char* kGraph = R"(takt: 1
graph: driven_motor
real_time: best_effort
libraries: [takt_nodes]
nodes:
  motor:
    type: plant/dc_motor
    period: 10ms
    priority: 70
    inputs:
      voltage: {from: drive.output, initial: 0 V, max_age: none}
  speed_pid:
    type: controller/pid
    on: measurement
    priority: 71
    restart: on_failure
    inputs:
      measurement: {from: motor.speed, max_age: 30ms, on_stale: safe}
      reference: {from: external, initial: 0 rad/s, max_age: none}
    params: {kp: 100, ki: 200, kd: 10, tf: 10ms, b: 1, c: 1}
    units: {output: V}
  drive:
    type: actuator/limiter
    on: command
    priority: 72
    safe: {output: 0 V}
    units: {output: V}
    inputs:
      command: {from: speed_pid.output, max_age: 30ms, max_data_age: 50ms, on_stale: safe}
)";

constexpr const char* kHead = R"(takt_scenario: 1
scenario: driven
graph: graph.yaml
duration: 2s
signals: {w: motor.speed, r: speed_pid.reference, u: drive.output, mode: graph.state}
)";
constexpr const char* kStep =
    "stimulus:\n  - {at: 500ms, set: r, step: {from: 0 rad/s, to: 1 rad/s}}\n";

// One scenario of the graph above, run.
class Played {
 public:
  explicit Played(const std::string& body, std::vector<std::string> more = {}) {
    folder_.write("graph.yaml", kGraph);
    const std::string file = folder_.write("driven.yaml", kHead + body);
    more.insert(more.begin(), {"test", file, "--json", "--results", results()});
    child_ = takt(std::move(more));
    status_ = child_->wait();
    const auto json = parse_json(child_->out());
    if (json) json_ = *json;
  }
  std::string results() const { return (folder_.path() / "results").string(); }
  int status() const { return status_; }
  std::string err() const { return child_->err(); }
  const Json& json() const { return json_; }
  const Json& run(std::size_t i = 0) const { return json_.at("runs").at(i); }
  const Json& assessment(const std::string& name, std::size_t i = 0) const {
    return by_name(run(i).at("assessments"), name);
  }
  std::string verdict(const std::string& name) const { return assessment(name).at("verdict"); }
  std::string file(const std::string& name, std::size_t i = 0) const {
    std::ifstream in(std::filesystem::path(run(i).at("folder").get<std::string>()) / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  Folder folder_;
  std::unique_ptr<Child> child_;
  int status_ = -1;
  Json json_ = Json::object();
};

TEST(Scenario, PassesAndLeavesEverythingThatExplainsIt) {
  const Played sut(std::string(kStep) +
                   "assessments:\n"
                   "  - {name: arrives, trigger: {becomes_true: r > 0.5}, settles: {signal: w, to: "
                   "1 rad/s, band: 2 %, within: 1s, stays: 200ms}}\n"
                   "  - {name: at rest before, always: w == 0, over: [0s, 500ms]}\n"
                   "  - {name: nothing lost, counter: {of: speed_pid.measurement.lost, max: 0}}\n");

  ASSERT_EQ(sut.status(), 0) << sut.err();
  EXPECT_EQ(sut.verdict("arrives"), "pass");
  EXPECT_EQ(sut.verdict("at rest before"), "pass");
  for (const char* name : {"report.html", "junit.xml", "signals.csv", "events.csv", "summary.json",
                           "driven.yaml", "graph.yaml"}) {
    EXPECT_FALSE(sut.file(name).empty()) << name;
  }
  EXPECT_EQ(lines_of(sut.file("signals.csv")).front(), "t,w,r,u,mode");
}

TEST(Scenario, EveryKindPassesFailsAndIsUntested) {
  struct Kind {
    const char* name;
    const char* pass;
    const char* fail;
    const char* untested;
  };
  const Kind kinds[] = {
      {"always", "always: w < 1.1", "always: w < 0.5", "always: w < 1, while: w > 9"},
      {"eventually", "eventually: w > 0.9, within: 1s", "eventually: w > 2, within: 1s",
       "eventually: w > 2, within: 5s"},
      {"until", "until: w > 0.9, hold: w >= 0, within: 1s",
       "until: w > 0.9, hold: w > 0, within: 1s", "until: w > 9, hold: w >= 0, within: 5s"},
      {"settles", "settles: {signal: w, to: 1, band: 2 %, within: 1s}",
       "settles: {signal: w, to: 1, band: 2 %, within: 600ms}",
       "settles: {signal: w, to: 2, band: 2 %, within: 5s}"},
      {"response", "trigger: {becomes_true: r > 0.5}, response: w > 0.5, within: 100ms",
       "trigger: {becomes_true: r > 0.5}, response: w > 0.5, within: 10ms",
       "trigger: {becomes_true: r > 5}, response: w > 0.5, within: 10ms"},
      {"stays",
       "trigger: {becomes_true: r > 0.5}, response: {condition: w > 0.9, "
       "stays_true_for_at_least: 1s}, within: 200ms",
       "trigger: {becomes_true: r > 0.5}, response: {condition: w < 0.9, "
       "stays_true_for_at_least: 1s}, within: 200ms",
       "trigger: {event: process.exit, process: motor}, response: {condition: w > 0.9, "
       "stays_true_for_at_least: 1s}, within: 200ms"},
      {"mean", "mean: {of: w, over: [1s, 2s], within: [0.99, 1.01]}",
       "mean: {of: w, over: [1s, 2s], within: [0.5, 0.6]}",
       "mean: {of: w, over: [1950ms, 2s], within: [0.99, 1.01]}"},
      {"step",
       "over: [500ms, 2s], step_response: {signal: w, reference: {to: 1}, origin: 500ms, "
       "overshoot: {max: 1 %}}",
       "over: [500ms, 2s], step_response: {signal: w, reference: {to: 1}, origin: 500ms, "
       "overshoot: {max: 0.5 %}}",
       "over: [1950ms, 2s], step_response: {signal: w, reference: {to: 1}, origin: 1s, overshoot: "
       "{max: "
       "1 %}}"}};
  // It ends before the windows of what shall be untested begin.
  std::string body = std::string(kStep) + "stop_when: t > 1.9\nassessments:\n";
  for (const Kind& kind : kinds) {
    body += format(
        "  - {{name: {0} pass, {1}}}\n  - {{name: {0} fail, {2}}}\n"
        "  - {{name: {0} untested, {3}}}\n",
        kind.name, kind.pass, kind.fail, kind.untested);
  }

  const Played sut(body);

  EXPECT_EQ(sut.status(), 1) << sut.err();
  for (const Kind& kind : kinds) {
    for (const char* verdict : {"pass", "fail", "untested"}) {
      const Json& found = sut.assessment(format("{} {}", kind.name, verdict));
      EXPECT_EQ(found.at("verdict"), verdict) << kind.name << ": " << found.dump();
    }
  }
}

TEST(Scenario, FaultsActAndAreInTheRecording) {
  const Played sut(
      std::string(kStep) +
      "faults:\n"
      "  - {name: cut, at: 1s, for: 100ms, signal: w, off: {}}\n"
      "  - {name: killed, at: 1500ms, process: speed_pid, kill: {restart_time: 50ms}}\n"
      "assessments:\n"
      "  - {name: safe, trigger: {fault: cut}, response: u == 0, within: 60ms}\n"
      "  - {name: not at once, trigger: {fault: cut}, always: u != 0, for: 20ms}\n"
      "  - {name: noticed, trigger: {event: process.exit, process: speed_pid}, "
      "response: u == 0, within: 60ms}\n"
      "  - {name: back, trigger: {event: process.ready, process: speed_pid}, "
      "eventually: abs(w - 1) < 0.02, within: 440ms}\n"
      "  - {name: one restart, counter: {of: speed_pid.restarts, min: 1, max: 1}}\n");

  EXPECT_EQ(sut.status(), 0) << sut.json().dump() << sut.err();
  const std::string events = sut.file("events.csv");
  for (const char* event :
       {"fault,cut", "fault_cleared,cut", "exit,speed_pid", "ready,speed_pid"}) {
    EXPECT_NE(events.find(event), std::string::npos) << event << "\n" << events;
  }
}

TEST(Scenario, AFaultThatTheRunWouldRefuseIsRefusedBeforeIt) {
  const Played sut(
      "faults:\n"
      "  - {name: late, at: 1s, for: 1s, signal: motor.speed, delayed: {by: 5s}}\n"
      "assessments:\n  - {name: slow, always: w < 1}\n");

  EXPECT_EQ(sut.status(), 2);
  EXPECT_NE(sut.err().find("driven.yaml:7:5: error"), std::string::npos) << sut.err();
  EXPECT_NE(sut.err().find("[scenario.bad-fault]"), std::string::npos) << sut.err();
}

TEST(Scenario, AFaultThatMeetsNoSampleIsAnError) {
  const Played sut(
      "faults:\n"
      "  - {name: too short, at: 1001ms, for: 1ms, signal: motor.speed, off: {}}\n"
      "assessments:\n  - {name: slow, always: w < 1}\n");

  EXPECT_EQ(sut.status(), 1);
  EXPECT_EQ(sut.run().at("verdict"), "error");
  EXPECT_NE(sut.run().at("problem").get<std::string>().find("too short"), std::string::npos);
}

TEST(Scenario, ConditionsActAtTheirInstant) {
  const Played sut(std::string(kStep) +
                   "  - {when: {becomes_true: w > 0.9, delay: 300ms}, set: r, to: 0 rad/s}\n"
                   "stop_when: r == 0 and w < 0.6 and t > 0.6\n"
                   "assessments:\n"
                   "  - {name: turned, eventually: r == 0 and t > 0.8, within: 2s}\n");

  ASSERT_EQ(sut.status(), 0) << sut.json().dump() << sut.err();
  EXPECT_EQ(sut.run().at("end"), "stop_condition");
  EXPECT_LT(sut.run().at("duration_ns").get<std::int64_t>(), 2'000'000'000);
}

TEST(Scenario, GivesTheSameBytesAgain) {
  const std::string body =
      std::string(kStep) +
      "faults:\n"
      "  - {name: noise, at: 1s, for: 500ms, signal: motor.speed, noise: {sd: 0.01 rad/s}}\n"
      "  - {name: drops, at: 1200ms, for: 500ms, signal: drive.output, intermittent: {drop: 30 "
      "%}}\n"
      "assessments:\n  - {name: bounded, always: abs(w) < 2}\n";

  const Played one(body, {"--repeat", "3", "-j", "2"});

  ASSERT_EQ(one.status(), 0) << one.json().dump() << one.err();
  ASSERT_EQ(one.json().at("runs").size(), 3U);
  EXPECT_EQ(one.file("signals.csv", 0), one.file("signals.csv", 1));
  EXPECT_EQ(one.file("signals.csv", 0), one.file("signals.csv", 2));
  EXPECT_GT(lines_of(one.file("signals.csv")).size(), 200U);
}

TEST(Scenario, ParametersMakeRunsThatCanBeNamed) {
  const std::string body =
      "parameters: {gain: [50, 100]}\nstimulus:\n"
      "  - {set: speed_pid.params.kp, to: \"${gain}\"}\n"
      "  - {at: 500ms, set: r, step: {from: 0 rad/s, to: 1 rad/s}}\n"
      "assessments:\n  - {name: quick, eventually: w > 0.98, within: 800ms}\n";

  const Played all(body);
  const Played one(body, {"--only", "gain=100"});

  ASSERT_EQ(all.json().at("runs").size(), 2U) << all.err();
  EXPECT_EQ(all.run(0).at("id"), "driven[gain=50]");
  EXPECT_EQ(all.assessment("quick", 0).at("verdict"), "fail");
  EXPECT_EQ(all.assessment("quick", 1).at("verdict"), "pass");
  EXPECT_EQ(all.status(), 1);
  ASSERT_EQ(one.json().at("runs").size(), 1U) << one.err();
  EXPECT_EQ(one.status(), 0);
}

TEST(Scenario, AWholeNameMeansThatRunAlone) {
  const std::string body = "assessments:\n  - {name: slow, always: w < 1}\n";

  const Played one(body, {"--list", "--repeat", "12", "--only", "driven#1"});
  const Played some(body, {"--list", "--repeat", "12", "--only", "#1"});

  ASSERT_EQ(one.json().at("runs").size(), 1U) << one.err();
  EXPECT_EQ(one.run().at("id"), "driven#1");
  EXPECT_EQ(some.json().at("runs").size(), 4U) << "#1, #10, #11, #12";
}

TEST(Scenario, IsRefusedWithThePlaceOfItsMistakeAndRunsNothing) {
  const Played sut("assessments:\n  - {name: a, always: speed < 5}\n");

  EXPECT_EQ(sut.status(), 2);
  EXPECT_NE(sut.err().find("driven.yaml:7:23: error: there is no signal 'speed'"),
            std::string::npos)
      << sut.err();
  EXPECT_FALSE(std::filesystem::exists(sut.results()));
}

TEST(Scenario, CtrlCEndsItSafelyWithAReportMarkedAborted) {
  Folder folder;
  folder.write("graph.yaml", kGraph);
  const std::string file =
      folder.write("long.yaml",
                   "takt_scenario: 1\nscenario: long\ngraph: graph.yaml\nduration: 10min\n"
                   "clock: realtime\nsignals: {w: motor.speed}\n"
                   "assessments:\n  - {name: a, always: w < 5}\n");
  const auto results = folder.path() / "results";
  auto sut = takt({"test", file, "--json", "--results", results.string()});
  // The run has begun when its instance answers.
  const std::string instance = format("test-{}-0", sut->pid());
  while (takt({"ps", "--json", "--instance", instance})->wait() != 0) {
    ASSERT_FALSE(sut->ended()) << sut->err();
  }

  sut->signal(SIGINT);

  EXPECT_EQ(sut->wait(), 1) << sut->err();
  const auto json = parse_json(sut->out());
  ASSERT_TRUE(json.ok()) << sut->out();
  EXPECT_TRUE(json->at("aborted").get<bool>());
  EXPECT_EQ(json->at("runs").at(0).at("end"), "aborted");
  EXPECT_TRUE(std::filesystem::exists(
      std::filesystem::path(json->at("runs").at(0).at("folder").get<std::string>()) /
      "report.html"));
}

}  // namespace
}  // namespace takt::test
