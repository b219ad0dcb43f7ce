// JUnit XML: its text, its counts, and what it makes of texts that are no XML.
#include "runtime/scenario/report/junit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <takt/os/fd.hpp>

#include "runtime/scenario/report/text.hpp"
#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string junit_of(const RunResult& run) { return junit_xml({&run, 1}); }

TEST(JunitXml, HasASuiteARunAndACaseAnAssessment) {
  RunResult run = test::plain_run();
  run.assessments = {test::passed("overshoot"), test::failed("speed_limit"),
                     test::untested("slip", true)};

  const auto expected = os::read_file(TAKT_SOURCE_DIR "/tests/unit/scenario/expected_junit.xml");
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(junit_of(run), *expected);
}

TEST(JunitXml, UntestedIsAFailureUnlessItIsAllowed) {
  RunResult run = test::plain_run();
  run.assessments = {test::untested("brake", false)};
  EXPECT_THAT(junit_of(run), HasSubstr("<failure type=\"untested\" message=\"its trigger"));
  EXPECT_THAT(junit_of(run), HasSubstr("tests=\"1\" failures=\"1\" errors=\"0\""));

  run.assessments = {test::untested("brake", true)};
  EXPECT_THAT(junit_of(run), HasSubstr("<skipped message=\"its trigger never held\"/>"));
  EXPECT_THAT(junit_of(run),
              HasSubstr("failures=\"0\" errors=\"0\" time=\"1.250000\" skipped=\"1\""));
}

TEST(JunitXml, WhatCannotBeJudgedIsAnError) {
  RunResult run = test::plain_run();
  run.assessments = {test::unjudged("gap")};
  EXPECT_THAT(junit_of(run), HasSubstr("<error type=\"error\" message=\"12 samples"));
  EXPECT_THAT(junit_of(run), HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""));
}

TEST(JunitXml, TheRunsProblemIsTheErrorOfACaseOfItsOwn) {
  RunResult run = test::plain_run();
  run.assessments = {test::passed("overshoot")};
  run.problem = "speed_pid did not become ready";

  const std::string xml = junit_of(run);

  EXPECT_THAT(xml, HasSubstr("tests=\"2\" failures=\"0\" errors=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"run\">\n      <error type=\"error\" message=\"speed_pid did"));
}

TEST(JunitXml, ARunThatAssessedNothingIsAnError) {
  EXPECT_THAT(junit_of(test::plain_run()), HasSubstr("message=\"nothing was assessed\""));
}

TEST(JunitXml, AddsUpItsSuites) {
  std::vector<RunResult> runs{test::full_run(), test::full_run()};
  EXPECT_THAT(junit_xml(runs), HasSubstr("<testsuites name=\"takt\" tests=\"10\" failures=\"4\" "
                                         "errors=\"2\" time=\"2.500000\">"));
  EXPECT_THAT(junit_xml({}), HasSubstr("tests=\"0\""));
}

TEST(Escaped, LeavesNothingThatAReaderWouldTakeForMarkup) {
  EXPECT_EQ(escaped("a < b && c > \"d\" 'e'"),
            "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;");
  EXPECT_EQ(escaped("one\ntwo\tthree\r"), "one&#10;two&#9;three&#13;");
}

TEST(Escaped, ReplacesWhatXmlCannotHold) {
  const std::string_view nul("a\0b", 3);
  EXPECT_EQ(escaped(nul), "a\uFFFDb");
  EXPECT_EQ(escaped("\x1b[31m\x7f"), "\uFFFD[31m\uFFFD");
  EXPECT_EQ(escaped("\xEF\xBF\xBE\xEF\xBF\xBF"), "\uFFFD\uFFFD");
}

TEST(Escaped, ReplacesBytesThatAreNoUtf8AndKeepsTheRest) {
  EXPECT_EQ(escaped("\u00B5m \u20AC \U0001F600"), "\u00B5m \u20AC \U0001F600");
  EXPECT_EQ(escaped("\xff"), "\uFFFD");
  EXPECT_EQ(escaped("\xc3("), "\uFFFD(");
  EXPECT_EQ(escaped("\xc0\xaf"), "\uFFFD\uFFFD");                      // Too long for its value.
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");            // A surrogate.
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // Above U+10FFFF.
  EXPECT_EQ(escaped("end \xe2\x82"), "end \uFFFD\uFFFD");              // Cut off.
}

TEST(TimeText, SaysSecondsWithoutIdleZeros) {
  using std::chrono::nanoseconds;
  EXPECT_EQ(time_text(nanoseconds(0)), "0 s");
  EXPECT_EQ(time_text(nanoseconds(1'234'000'000)), "1.234 s");
  EXPECT_EQ(time_text(nanoseconds(-1)), "-0.000000001 s");
  EXPECT_EQ(seconds_text(10'000'000'000), "10.000000000");
}

}  // namespace
}  // namespace takt::scenario
