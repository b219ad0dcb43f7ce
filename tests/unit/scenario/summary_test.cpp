// A run's results for programs and for the terminal.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/scenario/report/json.hpp"
#include "runtime/scenario/report/table.hpp"
#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ResultHeadline, SaysWhichRunItWasAndWhereItsReportLies) {
  RunResult run = test::full_run();
  run.folder = "results/motor_speed";

  EXPECT_EQ(result_headline(run),
            "motor_speed[Ts=10ms,load=0.2 N*m]#2: error, results/motor_speed/report.html\n");
}

TEST(ResultTable, HasARowAnAssessmentAndSaysWhatDidNotPass) {
  RunResult run = test::full_run();
  run.problem = "aborted by the user";

  EXPECT_EQ(result_table(run, false),
            "verdict   assessment   margin  worst at\n"
            "pass      overshoot    0.0009   1.347 s\n"
            "fail      speed_limit    -0.5     2.5 s\n"
            "          -0.5 rad/s below its limit at 2.5 s & for 20 ms\n"
            "          required: abs(speed) < 1.5 while t > 2\n"
            "untested  slip              -         -\n"
            "          its trigger never held\n"
            "          required: voltage < 0.1 within 5 ms after slip > 2\n"
            "untested  brake             -         -\n"
            "          its trigger never held\n"
            "          required: voltage < 0.1 within 5 ms after slip > 2\n"
            "error     gap               -         -\n"
            "          12 samples of motor.speed were lost\n"
            "          required: voltage < 0.1 within 5 ms after slip > 2\n"
            "error: aborted by the user\n");
}

TEST(ResultTable, ColoursOnlyTheVerdictsAndOnlyWhenAsked) {
  RunResult run = test::plain_run();
  run.assessments = {test::passed("a"), test::failed("b"), test::untested("c", true)};

  const std::string text = result_table(run, true);

  EXPECT_THAT(text, HasSubstr("\x1b[32mpass    \x1b[0m  a "));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mfail    \x1b[0m  b "));
  EXPECT_THAT(text, HasSubstr("\x1b[33muntested\x1b[0m  c "));
  EXPECT_THAT(result_table(run, false), Not(HasSubstr("\x1b")));
}

TEST(ResultTable, AlignsNamesOfOtherAlphabetsAndKeepsTheTerminalInPeace) {
  RunResult run = test::plain_run();
  run.assessments = {test::passed("\u03C9_max"), test::passed("omega")};
  run.assessments[1].name += "\x1b[2J\n";

  const std::string text = result_table(run, false);

  EXPECT_THAT(text, HasSubstr("pass     \u03C9_max       0.0009   1.347 s\n"));
  EXPECT_THAT(text, HasSubstr("pass     omega [2J   0.0009   1.347 s\n"));
}

TEST(ResultTable, OfARunWithoutAssessmentsIsItsTrouble) {
  EXPECT_EQ(result_table(test::plain_run(), false), "error: nothing was assessed\n");
}

TEST(ToJson, HasEverythingButTheSamples) {
  const Json json = to_json(test::full_run());

  EXPECT_EQ(json.at("takt_scenario_result"), 1);
  EXPECT_EQ(json.at("id"), "motor_speed[Ts=10ms,load=0.2 N*m]#2");
  EXPECT_EQ(json.at("verdict"), "error");
  EXPECT_EQ(json.at("passed"), false);
  EXPECT_EQ(json.at("end"), "complete");
  EXPECT_EQ(json.at("seed"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(json.at("parameters").at("load"), "0.2 N*m");
  EXPECT_EQ(json.at("requirements"), Json({"REQ-7", "REQ-12"}));
  EXPECT_EQ(json.at("duration_ns"), 4'000'000'000);
  EXPECT_EQ(json.at("run").at("takt_version"), "0.1.0");
  EXPECT_EQ(json.at("plots").at(0).size(), 3u);
  EXPECT_EQ(json.at("signals").at(0).at("samples"), 4001);
  EXPECT_FALSE(json.at("signals").at(0).contains("values"));
  EXPECT_EQ(json.at("events").at(2).at("at_ns"), 3'000'000'000);
  EXPECT_EQ(json.at("faults").at(0), Json::parse(R"({"name": "stuck_speed",
    "what": "stuck motor.speed", "begin_ns": 2400000000, "end_ns": 2500000000, "samples": 100})"));
  EXPECT_EQ(json.at("assessments").at(1), Json::parse(R"({"name": "speed_limit", "kind": "always",
    "verdict": "fail", "allow_untested": false,
    "text": "-0.5 rad/s below its limit at 2.5 s & for 20 ms",
    "required": "abs(speed) < 1.5 while t > 2", "margin": -0.5, "worst_at_ns": 2500000000,
    "worst_value": 2.0, "signals": ["speed"],
    "violations": [{"begin_ns": 2490000000, "end_ns": 2510000000}], "window": null})"));
}

TEST(ToJson, WhatThereIsNotIsNull) {
  RunResult run = test::plain_run();
  run.end = RunEnd::stop_condition;
  run.assessments = {test::untested("slip", true)};
  run.assessments[0].worst_value = std::numeric_limits<double>::infinity();

  const Json json = *parse_json(json_line(to_json(run)));

  EXPECT_EQ(json.at("end"), "stop_condition");
  EXPECT_TRUE(json.at("run").is_null());
  EXPECT_TRUE(json.at("assessments").at(0).at("margin").is_null());
  EXPECT_TRUE(json.at("assessments").at(0).at("worst_value").is_null());
}

}  // namespace
}  // namespace takt::scenario
