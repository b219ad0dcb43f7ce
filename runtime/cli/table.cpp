#include <algorithm>
#include <cstdint>

#include <takt/base/text.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

std::string micros(const Json& histogram, const char* key) {
  if (histogram.is_null()) return "-";
  return format("{:.1f}", static_cast<double>(histogram.at(key).get<std::int64_t>()) * 1e-3);
}

std::string number(const Json& node, const char* key) {
  return format("{}", node.at(key).get<std::uint64_t>());
}

std::string lost_of(const Json& node) {
  std::uint64_t lost = 0;
  for (const Json& input : node.at("inputs")) lost += input.at("lost").get<std::uint64_t>();
  return format("{}", lost);
}

std::string applied_of(const Json& node) {
  const Json& applied = node.at("applied");
  if (applied.is_null()) return "-";
  std::string text = applied.at("policy").get<std::string>();
  if (const int priority = applied.at("priority").get<int>(); priority > 0) {
    text += format(" {}", priority);
  }
  return text + format(" cpu {}", fmt::join(applied.at("cpus").get<std::vector<int>>(), ","));
}

// Numbers, with the dash of a missing one, go to the right.
bool is_number(const std::string& text) {
  return text.find_first_not_of("0123456789.-") == std::string::npos;
}

}  // namespace

std::string lay_out(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  std::vector<bool> numbers(rows.front().size(), rows.size() > 1);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
      numbers[i] = numbers[i] && (&row == &rows.front() || is_number(row[i]));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += numbers[i] ? format("{:>{}}  ", row[i], widths[i])
                         : format("{:<{}}  ", row[i], widths[i]);
    }
    const std::size_t end = line.find_last_not_of(' ');
    text += line.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  }
  return text;
}

std::string table_of(const Json& summary) {
  std::vector<Row> rows{{"node", "state", "cycles", "overruns", "skipped", "misses", "stale",
                         "lost", "restarts", "wake p50", "p99", "max us", "step p50", "p99",
                         "max us", "applied"}};
  for (const Json& node : summary.at("nodes")) {
    const Json& wake = node.at("wake_ns");
    const Json& step = node.at("step_ns");
    rows.push_back({node.at("name").get<std::string>(), node.at("state").get<std::string>(),
                    number(node, "cycles"), number(node, "overruns"), number(node, "skipped"),
                    number(node, "misses"), number(node, "stale_steps"), lost_of(node),
                    number(node, "restarts"), micros(wake, "p50"), micros(wake, "p99"),
                    micros(wake, "max"), micros(step, "p50"), micros(step, "p99"),
                    micros(step, "max"), applied_of(node)});
  }
  return lay_out(rows);
}

}  // namespace takt::cli
