#include "runtime/scenario/report/html.hpp"

#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/scenario/report/node_table.hpp"
#include "runtime/scenario/report/page.hpp"
#include "runtime/scenario/report/plot.hpp"
#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

constexpr std::size_t kEventRowsMax = 1000;  // Of the table; a browser is slow with more.

std::string badge_of(Verdict verdict) {
  return format("<span class=\"badge {0}\">{0}</span>", name_of(verdict));
}

void add_fact(std::string& html, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  html += format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
}

std::string counts_of(const RunResult& run) {
  std::string text;
  for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::untested, Verdict::error}) {
    const auto count = std::count_if(run.assessments.begin(), run.assessments.end(),
                                     [verdict](const auto& a) { return a.verdict == verdict; });
    if (count > 0) text += format("{}{} {}", text.empty() ? "" : ", ", count, name_of(verdict));
  }
  return text.empty() ? "no assessment" : text;
}

std::string word_in(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return "";
  const Json& value = object.at(key);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : json_line(value);
}

std::string host_of(const Json& summary) {
  if (!summary.is_object() || !summary.contains("host")) return "";
  return format("{} {}", word_in(summary.at("host"), "kernel"),
                word_in(summary.at("host"), "arch"));
}

std::string header(const RunResult& run) {
  std::string html =
      format("<header class=\"{}\">\n<h1>{}{} <span class=\"counts\">{}</span></h1>\n",
             name_of(run.verdict()), badge_of(run.verdict()), escaped(run.id), counts_of(run));
  if (!run.description.empty()) html += format("<p>{}</p>\n", escaped(run.description));
  if (const std::string trouble = trouble_of(run); !trouble.empty()) {
    html += format("<p class=\"problem\">{}</p>\n", escaped(trouble));
  }
  html += "<dl>\n";
  add_fact(html, "requirements", format("{}", fmt::join(run.requirements, ", ")));
  for (const auto& [name, value] : run.parameters) add_fact(html, name, value);
  if (run.repetitions > 1) {
    add_fact(html, "repetition", format("{} of {}", run.repetition + 1, run.repetitions));
  }
  add_fact(html, "seed", format("{}", run.seed));
  add_fact(html, "graph", run.graph);
  add_fact(html, "scenario", run.file);
  add_fact(html, "clock", run.clock);
  add_fact(html, "duration",
           format("{} ({:.2f} s of real time)", time_text(run.duration), run.wall_s));
  add_fact(html, "end", name_of(run.end));
  add_fact(html, "started", run.started);
  add_fact(html, "takt", word_in(run.summary, "takt_version"));
  add_fact(html, "host", host_of(run.summary));
  add_fact(html, "graph's SHA-256", word_in(run.summary, "graph_sha256"));
  add_fact(html, "folder", run.folder);
  html += "</dl>\n";
  if (!run.command.empty()) {
    html += format(
        "<p class=\"again\">To run this one again:</p>\n<pre><code>{}</code><button id=\"copy\" "
        "hidden>copy</button></pre>\n",
        escaped(run.command));
  }
  return html + "</header>\n";
}

std::string time_of(nanoseconds t) {
  return format("<span data-at=\"{}\">{}</span>", seconds_text(t.count()), time_text(t));
}

std::string time_cell(nanoseconds t) { return format("<td class=\"n\">{}</td>", time_of(t)); }

std::string row_of(const AssessmentResult& a) {
  std::string html = a.counts_as_failure() ? format("<tr class=\"bad {}\">", name_of(a.verdict))
                                           : std::string("<tr>");
  html +=
      format("<td>{}{}</td>", badge_of(a.verdict),
             a.verdict == Verdict::untested && a.allow_untested ? "<small>allowed</small>" : "");
  html +=
      format("<td class=\"name\">{}<small>{}</small></td><td>{}</td><td class=\"found\">{}</td>",
             escaped(a.name), escaped(a.kind), escaped(a.required), escaped(a.text));
  html += format("<td class=\"n\">{}</td>", margin_text(a));
  html += a.worst_at ? time_cell(*a.worst_at) : "<td class=\"n\">-</td>";
  html += format("<td class=\"n\">{}</td>", a.worst_value ? number_text(*a.worst_value) : "-");
  return html + "</tr>\n";
}

std::string assessments_table(const RunResult& run) {
  if (run.assessments.empty()) return "";
  std::string html =
      "<section id=\"assessments\">\n<h2>Assessments</h2>\n<div "
      "class=\"scroll\"><table>\n<tr><th>verdict</th>"
      "<th>assessment</th><th>required</th><th>found</th><th class=\"n\">margin</th>"
      "<th class=\"n\">worst at</th><th class=\"n\">worst value</th></tr>\n";
  for (const AssessmentResult& a : run.assessments) html += row_of(a);
  return html + "</table></div>\n</section>\n";
}

std::string faults_table(const RunResult& run) {
  if (run.faults.empty()) return "";
  std::string html =
      "<section id=\"faults\">\n<h2>Faults</h2>\n<div class=\"scroll\"><table>\n<tr><th>fault</th>"
      "<th>what</th><th class=\"n\">from</th><th class=\"n\">to</th><th "
      "class=\"n\">samples</th></tr>\n";
  for (const FaultRecord& fault : run.faults) {
    html +=
        format("<tr><td class=\"name\">{}</td><td>{}</td>{}{}<td class=\"n\">{}</td></tr>\n",
               escaped(fault.name), escaped(fault.what), time_cell(fault.span.begin),
               time_cell(fault.span.end), fault.samples > 0 ? format("{}", fault.samples) : "-");
  }
  return html + "</table></div>\n</section>\n";
}

std::string events_table(const RunResult& run) {
  if (run.events.empty()) return "";
  std::string html =
      "<section id=\"events\">\n<h2>Events</h2>\n<div class=\"scroll\"><table>\n<tr><th>at</th>"
      "<th>kind</th><th>name</th><th>detail</th></tr>\n";
  const std::size_t shown = std::min(run.events.size(), kEventRowsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const EventRecord& event = run.events[i];
    html +=
        format("<tr><td>{}</td><td>{}</td><td class=\"name\">{}</td><td>{}</td></tr>\n",
               time_of(event.at), escaped(event.kind), escaped(event.name), escaped(event.detail));
  }
  html += "</table></div>\n";
  if (shown < run.events.size()) {
    html += format("<p>and {} more: events.csv has all of them</p>\n", run.events.size() - shown);
  }
  return html + "</section>\n";
}

std::string plots_section(const RunResult& run) {
  const std::string plots = plots_html(run);
  if (plots.empty()) return "";
  return "<section id=\"plots\">\n<button id=\"reset\" class=\"tools\" hidden disabled>whole "
         "run</button>\n"
         "<h2>Signals</h2>\n" +
         plots + "</section>\n";
}

}  // namespace

std::string html_report(const RunResult& run) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n";
  html += format("<title>{}: {}</title>\n", escaped(run.id), name_of(run.verdict()));
  html += format("<style>{}</style>\n</head>\n<body>\n<main>\n", page_style());
  html += header(run) + assessments_table(run) + plots_section(run) + faults_table(run);
  html += events_table(run) + node_table(run.summary);
  html += format("</main>\n<script>{}</script>\n</body>\n</html>\n", page_script());
  return html;
}

}  // namespace takt::scenario
