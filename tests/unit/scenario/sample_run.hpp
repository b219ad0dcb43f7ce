// A made-up run that has one of everything a report shows.
#pragma once

#include <chrono>
#include <cmath>

#include "runtime/scenario/result.hpp"

namespace takt::scenario::test {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""ns;
using std::chrono_literals::operator""s;

inline SignalRecord signal_of(std::string name, std::string unit, std::vector<std::int64_t> t_ms,
                              std::vector<double> values) {
  SignalRecord signal;
  signal.name = std::move(name);
  signal.source = "motor." + signal.name;
  signal.unit = std::move(unit);
  for (const std::int64_t t : t_ms) signal.t_ns.push_back(t * 1'000'000);
  signal.values = std::move(values);
  return signal;
}

// `count` samples a millisecond apart of a step response that overshoots.
inline SignalRecord response_of(std::string name, std::size_t count) {
  SignalRecord signal = signal_of(std::move(name), "rad/s", {}, {});
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) * 1e-3;
    signal.t_ns.push_back(static_cast<std::int64_t>(i) * 1'000'000);
    signal.values.push_back(t < 1 ? 0.0 : 1.0 - std::exp(-4 * (t - 1)) * std::cos(9 * (t - 1)));
  }
  return signal;
}

inline AssessmentResult passed(std::string name) {
  AssessmentResult a;
  a.name = std::move(name);
  a.kind = "step_response";
  a.verdict = Verdict::pass;
  a.text = "0.91 % overshoot, at most 1 %";
  a.required = "overshoot <= 1 %";
  a.margin = 0.0009;
  a.worst_at = 1347ms;
  a.worst_value = 1.0091;
  a.signals = {"speed"};
  return a;
}

inline AssessmentResult failed(std::string name) {
  AssessmentResult a = passed(std::move(name));
  a.kind = "always";
  a.verdict = Verdict::fail;
  a.text = "-0.5 rad/s below its limit at 2.5 s & for 20 ms";
  a.required = "abs(speed) < 1.5 while t > 2";
  a.margin = -0.5;
  a.worst_at = 2500ms;
  a.worst_value = 2.0;
  a.violations = {{2490ms, 2510ms}};
  return a;
}

inline AssessmentResult untested(std::string name, bool allowed) {
  AssessmentResult a;
  a.name = std::move(name);
  a.kind = "response";
  a.allow_untested = allowed;
  a.text = "its trigger never held";
  a.required = "voltage < 0.1 within 5 ms after slip > 2";
  return a;
}

inline AssessmentResult unjudged(std::string name) {
  AssessmentResult a = untested(std::move(name), false);
  a.verdict = Verdict::error;
  a.text = "12 samples of motor.speed were lost";
  return a;
}

inline RunResult plain_run() {
  RunResult run;
  run.scenario = "motor_speed";
  run.description = "The motor follows its reference while its sensor sticks.";
  run.file = "config/scenarios/motor_speed.yaml";
  run.graph = "config/graphs/motor_speed.yaml";
  run.clock = "lockstep";
  run.seed = 18446744073709551615U;
  run.requirements = {"REQ-7", "REQ-12"};
  run.parameters = {{"Ts", "10ms"}, {"load", "0.2 N*m"}};
  run.repetition = 1;
  run.repetitions = 3;
  run.id = "motor_speed[Ts=10ms,load=0.2 N*m]#2";
  run.command = "takt test config/scenarios/motor_speed.yaml --only 'motor_speed[Ts=10ms]#2'";
  run.started = "2026-01-02T03:04:05Z";
  run.folder = "results/motor_speed";
  run.duration = 4s;
  run.wall_s = 1.25;
  return run;
}

inline RunResult full_run() {
  RunResult run = plain_run();
  run.assessments = {passed("overshoot"), failed("speed_limit"), untested("slip", true),
                     untested("brake", false), unjudged("gap")};
  run.signals = {response_of("speed", 4001), signal_of("reference", "rad/s", {0, 1000}, {0.0, 1.0}),
                 signal_of("voltage", "V", {0, 1000, 1200, 1500, 2500, 2520, 4000},
                           {0.0, 12.0, 6.0, 2.0, 9.0, 2.1, 2.0})};
  run.signals[1].source = "speed_pid.reference (external)";
  run.signals[2].interpolates = true;
  run.faults = {{"stuck_speed", "stuck motor.speed", {2400ms, 2500ms}, 100},
                {"kill_pid", "kill speed_pid", {3s, 3s}, 0}};
  run.events = {{"ready", "speed_pid", "after 12 ms", 0ns},
                {"fault", "stuck_speed", "stuck motor.speed", 2400ms},
                {"exit", "speed_pid", "killed by \"signal\" 9, restarted", 3s}};
  run.plots = {{"speed", "reference", "voltage"}};
  run.summary = Json::parse(R"json({"takt_summary": 1, "takt_version": "0.1.0",
    "graph_sha256": "5f2c", "host": {"kernel": "6.1.0-rt", "arch": "aarch64"}, "nodes": [
    {"name": "motor", "type": "plant/dc_motor", "state": "stopped", "cycles": 4001, "overruns": 0,
     "skipped": 0, "misses": 2, "restarts": 0, "stale_steps": 0, "inputs": [{"lost": 3}],
     "step_ns": {"p50": 1500, "p99": 4200, "max": 9100, "count": 4001}},
    {"name": "speed_pid", "type": "controller/pid", "state": "stopped", "cycles": 4000,
     "overruns": 1, "misses": 0, "restarts": 1, "inputs": [], "step_ns": null}]})json");
  return run;
}

// What ends an attribute, an element, a script, a terminal's line and a reader of UTF-8.
inline const std::string kHostile =
    "\"'<b>&amp;]]></script><!--\x01\x1b[31m\x7f\r\n\t\xc3\x28\xed\xa0\x80\xff\xf4\x90\x80\x80"
    "\xef\xbf\xbf,\xc3\xa9";

inline RunResult hostile_run() {
  RunResult run = full_run();
  for (std::string* text : {&run.scenario, &run.description, &run.file, &run.graph, &run.clock,
                            &run.id, &run.command, &run.folder, &run.problem}) {
    *text += kHostile;
  }
  run.requirements.push_back(kHostile);
  run.parameters.emplace_back(kHostile, kHostile);
  for (AssessmentResult& a : run.assessments) {
    for (std::string* text : {&a.name, &a.kind, &a.text, &a.required}) *text += kHostile;
  }
  for (SignalRecord& signal : run.signals) {
    signal.name += kHostile;
    signal.source += kHostile;
    signal.unit += kHostile;
  }
  run.plots.clear();
  for (EventRecord& event : run.events) event.kind = event.name = event.detail = kHostile;
  for (FaultRecord& fault : run.faults) fault.name = fault.what = kHostile;
  for (Json& node : run.summary.at("nodes")) node["name"] = kHostile;
  return run;
}

}  // namespace takt::scenario::test
