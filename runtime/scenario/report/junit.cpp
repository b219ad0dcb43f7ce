#include "runtime/scenario/report/junit.hpp"

#include <takt/base/text.hpp>

#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  double seconds = 0.0;

  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
  }
};

Counts count(const RunResult& run) {
  Counts counts;
  counts.seconds = run.wall_s;
  counts.tests = run.assessments.size();
  for (const AssessmentResult& a : run.assessments) {
    const bool skipped = a.verdict == Verdict::untested && a.allow_untested;
    counts.skipped += skipped ? 1U : 0U;
    counts.errors += a.verdict == Verdict::error ? 1U : 0U;
    counts.failures += a.counts_as_failure() && a.verdict != Verdict::error ? 1U : 0U;
  }
  if (!trouble_of(run).empty()) {
    ++counts.tests;
    ++counts.errors;
  }
  return counts;
}

// The head of all suites knows no `skipped` in the schema that Jenkins judges by.
std::string attributes_of(const Counts& counts) {
  return format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.6f}\"", counts.tests,
                counts.failures, counts.errors, counts.seconds);
}

void add_property(std::string& xml, std::string_view name, std::string_view value) {
  xml += format("      <property name=\"{}\" value=\"{}\"/>\n", escaped(name), escaped(value));
}

void add_properties(std::string& xml, const RunResult& run) {
  xml += "    <properties>\n";
  for (const auto& [name, value] : run.parameters) add_property(xml, "parameter." + name, value);
  add_property(xml, "seed", format("{}", run.seed));
  if (run.repetitions > 1) {
    add_property(xml, "repetition", format("{} of {}", run.repetition + 1, run.repetitions));
  }
  add_property(xml, "graph", run.graph);
  add_property(xml, "clock", run.clock);
  for (const std::string& id : run.requirements) add_property(xml, "requirement", id);
  if (!run.command.empty()) add_property(xml, "command", run.command);
  xml += "    </properties>\n";
}

// What was asked for and how it went, a line each: what a page of results shows below the name.
std::string details_of(const AssessmentResult& a) {
  std::string text = a.text + "\n";
  if (!a.required.empty()) text += format("required: {}\n", a.required);
  if (a.margin) text += format("margin: {}\n", number_text(*a.margin));
  if (a.worst_at) text += format("worst at: {}\n", time_text(*a.worst_at));
  if (a.worst_value) text += format("worst value: {}\n", number_text(*a.worst_value));
  return text;
}

void add_case(std::string& xml, const RunResult& run, const AssessmentResult& a) {
  xml +=
      format("    <testcase classname=\"{}\" name=\"{}\"", escaped(run.scenario), escaped(a.name));
  if (a.verdict == Verdict::pass) {
    xml += "/>\n";
    return;
  }
  xml += ">\n";
  const std::string message = escaped(a.text.empty() ? name_of(a.verdict) : a.text);
  if (!a.counts_as_failure()) {
    xml += format("      <skipped message=\"{}\"/>\n", message);
  } else {
    const char* element = a.verdict == Verdict::error ? "error" : "failure";
    xml += format("      <{} type=\"{}\" message=\"{}\">{}</{}>\n", element, name_of(a.verdict),
                  message, escaped(details_of(a)), element);
  }
  xml += "    </testcase>\n";
}

void add_suite(std::string& xml, const RunResult& run) {
  const Counts counts = count(run);
  xml += format("  <testsuite name=\"{}\" {} skipped=\"{}\"", escaped(run.id),
                attributes_of(counts), counts.skipped);
  if (!run.started.empty()) xml += format(" timestamp=\"{}\"", escaped(run.started));
  xml += ">\n";
  add_properties(xml, run);
  for (const AssessmentResult& a : run.assessments) add_case(xml, run, a);
  if (const std::string trouble = trouble_of(run); !trouble.empty()) {
    xml += format(
        "    <testcase classname=\"{0}\" name=\"run\">\n"
        "      <error type=\"error\" message=\"{1}\">{1}</error>\n    </testcase>\n",
        escaped(run.scenario), escaped(trouble));
  }
  xml += "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(std::span<const RunResult> runs) {
  Counts all;
  for (const RunResult& run : runs) all.add(count(run));
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += format("<testsuites name=\"takt\" {}>\n", attributes_of(all));
  for (const RunResult& run : runs) add_suite(xml, run);
  return xml + "</testsuites>\n";
}

}  // namespace takt::scenario
