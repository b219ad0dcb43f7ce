// `parameters:` of a scenario, and every combination of their values.
#include <algorithm>
#include <set>

#include <takt/base/text.hpp>
#include <takt/graph/read_file.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/parts.hpp"

namespace takt::scenario {
namespace {

constexpr std::size_t kCombinationsMax = 10'000;

void refuse_value(const MarkedNode& value, std::string message, const char* help, Report& report) {
  report.error({.code = "scenario.bad-parameter",
                .mark = value.mark,
                .message = std::move(message),
                .help = help});
}

// The values of one parameter, each once.
std::vector<std::string> read_values(const MarkedEntry& entry, Report& report) {
  const std::string& name = entry.key.value;
  std::vector<std::string> values;
  if (!graph::check_shape(entry.value, Shape::list, format("'{}'", name), report)) return values;
  if (entry.value.items.empty()) {
    refuse_value(entry.value, format("the parameter '{}' has no value: nothing would be run", name),
                 "a list of values, as in [1, 2]", report);
  }
  for (const MarkedNode& value : entry.value.items) {
    if (!graph::check_shape(value, Shape::scalar, format("a value of '{}'", name), report))
      continue;
    if (value.text.find("${") != std::string::npos) {
      refuse_value(value, "the value of a parameter names no other parameter",
                   "write both where the value belongs", report);
    } else if (std::find(values.begin(), values.end(), value.text) != values.end()) {
      refuse_value(value, format("'{}' has the value '{}' twice", name, value.text),
                   "'repeat:' runs the same again", report);
    } else {
      values.push_back(value.text);
    }
  }
  return values;
}

std::vector<Parameters> longer_by(const std::vector<Parameters>& combinations,
                                  const std::string& name, const std::vector<std::string>& values) {
  std::vector<Parameters> longer;
  longer.reserve(combinations.size() * values.size());
  for (const Parameters& combination : combinations) {
    for (const std::string& value : values) {
      longer.push_back(combination);
      longer.back().emplace_back(name, value);
    }
  }
  return longer;
}

}  // namespace

std::optional<MarkedNode> read_tree(const std::string& path, std::string& text, Report& report) {
  auto bytes = graph::read_file(path, report);
  if (!bytes) return std::nullopt;
  text = std::move(*bytes);
  return graph::read_yaml(text, report);
}

std::vector<Parameters> read_combinations(const std::string& path, Diagnostics& diagnostics) {
  Report of_tree(path, kScenarioWords), report(path, kScenarioWords);
  std::string text;
  const auto root = read_tree(path, text, of_tree);  // Which is reported when the file is read.
  std::vector<Parameters> combinations{{}};
  const MarkedEntry* matrix =
      root && root->shape == Shape::map ? root->find("parameters") : nullptr;
  if (matrix && graph::check_shape(matrix->value, Shape::map, "'parameters'", report)) {
    for (const MarkedEntry& entry : matrix->value.entries) {
      const std::string& name = entry.key.value;
      if (!graph::check_name(entry.key, "the name of a parameter", false, report)) continue;
      std::vector<std::string> values = read_values(entry, report);
      if (combinations.size() * values.size() > kCombinationsMax) {
        report.error(
            {.code = "graph.out-of-range",
             .mark = entry.key.mark,
             .message = format("with '{}' there are {} combinations; {} are the most", name,
                               combinations.size() * values.size(), kCombinationsMax)});
        values.resize(1);
      }
      // One that is wrong keeps its name, so that its uses are not wrong too.
      if (values.empty()) values.emplace_back("0");
      combinations = longer_by(combinations, name, values);
    }
  }
  // With a wrong value among them, reading every combination would say everything many times.
  if (report.has_errors()) combinations.resize(1);
  diagnostics.append(report.take());
  return combinations;
}

}  // namespace takt::scenario
