// A run's page, as text; what a browser makes of it is judged by page_in_browser.py.
#include "runtime/scenario/report/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, const std::string& piece) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(piece, at)) != std::string::npos; at += piece.size()) {
    ++count;
  }
  return count;
}

// Without style and script.
std::string body_of(const RunResult& run) {
  const std::string html = html_report(run);
  const std::size_t begin = html.find("<main>");
  return html.substr(begin, html.find("</main>") - begin);
}

TEST(HtmlReport, NamesTheRunItsConditionsAndHowToRepeatIt) {
  const std::string html = body_of(test::full_run());

  for (const char* piece :
       {"<h1><span class=\"badge error\">error</span>motor_speed[Ts=10ms,load=0.2 N*m]#2",
        "1 pass, 1 fail, 2 untested, 1 error", "The motor follows its reference", "REQ-7, REQ-12",
        "<dt>Ts</dt><dd>10ms</dd>", "<dd>18446744073709551615</dd>", "<dd>lockstep</dd>",
        "<dt>repetition</dt><dd>2 of 3</dd>", "<dd>6.1.0-rt aarch64</dd>", "<dd>0.1.0</dd>",
        "<code>takt test config/scenarios/motor_speed.yaml --only"}) {
    EXPECT_THAT(html, HasSubstr(piece));
  }
}

TEST(HtmlReport, TabulatesAssessmentsFaultsEventsAndNodes) {
  const std::string html = body_of(test::full_run());

  EXPECT_EQ(count_of(html, "<tr class=\"bad "), 3u);  // Failed, untested, not judged.
  EXPECT_THAT(html, HasSubstr("<td>abs(speed) &lt; 1.5 while t &gt; 2</td>"));
  EXPECT_THAT(html, HasSubstr("<span data-at=\"2.500000000\">2.5 s</span>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"name\">stuck_speed</td><td>stuck motor.speed</td>"));
  EXPECT_THAT(html, HasSubstr("<td>killed by &quot;signal&quot; 9, restarted</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"name\">motor</td><td>plant/dc_motor</td>"
                              "<td>stopped</td><td class=\"n\">4001</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">3</td><td class=\"n\">0</td>"
                              "<td class=\"n\">1.5</td><td class=\"n\">4.2</td>"));
}

TEST(HtmlReport, LoadsNothingFromElsewhere) {
  const std::string html = html_report(test::full_run());

  for (const char* piece : {"src=", "url(", "@import", "fetch(", "import("}) {
    EXPECT_EQ(count_of(html, piece), 0u) << piece;
  }
  EXPECT_EQ(count_of(html, "href="), count_of(html, "href=\"data:,\""));
  // The name of SVG is no address.
  EXPECT_EQ(count_of(html, "//www."), count_of(html, "'http://www.w3.org/2000/svg'"));
  EXPECT_EQ(count_of(html, "http"), 2u);  // That one, and `http-equiv`.
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(HtmlReport, DrawsAPanelAUnitWithItsMarks) {
  const std::string html = body_of(test::full_run());

  EXPECT_EQ(count_of(html, "<figure>"), 1u);
  EXPECT_EQ(count_of(html, "<svg class=\"panel\""), 2u);
  EXPECT_EQ(count_of(html, "data-lines="), 3u);
  EXPECT_EQ(count_of(html, "<rect class=\"fault\""), 4u);
  EXPECT_EQ(count_of(html, "<rect class=\"violation\""), 1u);  // Nobody judged the voltage.
  EXPECT_EQ(count_of(html, "<path class=\"worst\""), 1u);
  EXPECT_EQ(count_of(html, "<path class=\"worst bad\""), 1u);
  EXPECT_EQ(count_of(html, "<path class=\"event\""), 6u);
  EXPECT_THAT(html, HasSubstr("<text class=\"fault-name\" data-t=\"2.4\""));
}

TEST(HtmlReport, WithoutPlotsDrawsWhatWasJudged) {
  RunResult run = test::full_run();
  run.plots.clear();
  EXPECT_EQ(count_of(body_of(run), "data-lines="), 1u);  // The speed.

  run.assessments.clear();
  EXPECT_EQ(count_of(body_of(run), "data-lines="), 3u);

  run.signals.clear();
  EXPECT_THAT(body_of(run), Not(HasSubstr("id=\"plots\"")));
}

TEST(HtmlReport, SaysWhichSignalOfAPlotWasNotRecorded) {
  RunResult run = test::full_run();
  run.plots = {{"speed", "torque"}};
  EXPECT_THAT(body_of(run), HasSubstr("torque <small>was not recorded</small>"));
}

TEST(HtmlReport, SaysThatASignalHasNoSample) {
  RunResult run = test::plain_run();
  run.signals = {test::signal_of("speed", "rad/s", {}, {})};
  EXPECT_THAT(body_of(run), HasSubstr(">no sample</text>"));
}

TEST(HtmlReport, StaysSmallWithAMillionSamplesAndTensOfThousandsOfMarks) {
  RunResult run = test::plain_run();
  run.assessments = {test::failed("speed_limit")};
  run.signals = {test::response_of("speed", 1'000'000)};
  std::uint64_t state = 1;
  for (double& value : run.signals[0].values) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    value += static_cast<double>(state >> 40) / 16777216.0;
  }
  for (int i = 0; i < 50'000; ++i) {
    run.events.push_back({"exit", "speed_pid", "", std::chrono::milliseconds(20 * i)});
    run.assessments[0].violations.push_back(
        {std::chrono::milliseconds(20 * i), std::chrono::milliseconds(20 * i + 5)});
  }

  const std::string html = html_report(run);

  EXPECT_LT(html.size(), 1'500'000u);
  EXPECT_LE(count_of(html, "<path class=\"event\""), 2001u);
  EXPECT_LE(count_of(html, "<rect class=\"violation\""), 2001u);
  EXPECT_THAT(html, HasSubstr("and 49000 more: events.csv has all of them"));
}

TEST(HtmlReport, EscapesWhatItShows) {
  const std::string html = body_of(test::hostile_run());
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("</script>")));
  EXPECT_THAT(html, Not(HasSubstr("<!--")));
  EXPECT_EQ(html.find('\xff'), std::string::npos);
}

TEST(HtmlReport, TakesASummaryOfAnyShape) {
  RunResult run = test::plain_run();
  for (const char* summary : {"null", "1", "[]", "{}", R"({"nodes": null, "host": 3})",
                              R"({"nodes": [], "host": {}})", R"({"nodes": [1, {}, {"name": 2,
                              "inputs": [{"lost": "x"}, 3], "step_ns": {"p99": "y"}}]})"}) {
    run.summary = Json::parse(summary);
    EXPECT_THAT(html_report(run), HasSubstr("</html>")) << summary;
  }
}

}  // namespace
}  // namespace takt::scenario
