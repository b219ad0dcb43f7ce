// Tables of numbers: a head line with names, then rows; `,` separates, `#` begins a remark.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include <takt/base/text.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr std::size_t kCsvRowsMax = 1'000'000;  // A day at 10 Hz; more is a mistake.

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

bool read_number(const std::string& cell, double& value) {
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return problem == std::errc() && end == cell.data() + cell.size() && std::isfinite(value);
}

std::optional<std::size_t> find_column(const std::vector<std::string>& head,
                                       const std::string& name) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (trimmed(head[i]) == name) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<CsvColumn> read_csv(const std::string& path, const std::string& time,
                                  const std::string& column, const Mark& mark, Report& report) {
  const auto refuse = [&](std::string message, std::string help = "") {
    report.error({.code = "scenario.bad-table",
                  .mark = mark,
                  .message = std::move(message),
                  .help = std::move(help)});
    return std::nullopt;
  };
  std::ifstream file(path);
  if (!file)
    return refuse(format("cannot read '{}'", path), "paths start at the scenario's folder");
  std::string line;
  CsvColumn table;
  std::vector<std::string> head;
  std::optional<std::size_t> t, value;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (trimmed(line).empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = split(line, ',');
    if (head.empty()) {
      head = cells;
      t = find_column(head, time);
      value = find_column(head, column);
      if (!t || !value) {
        return refuse(format("'{}' has no column '{}'", path, t ? column : time),
                      format("columns: {}", fmt::join(head, ", ")));
      }
      continue;
    }
    const std::size_t last = std::max(*t, *value);
    double at = 0.0, what = 0.0;
    const bool has_both = cells.size() > last && read_number(trimmed(cells[*t]), at) &&
                          read_number(trimmed(cells[*value]), what);
    if (!has_both) return refuse(format("'{}', line {}: no finite number", path, number));
    if (!table.t.empty() && at <= table.t.back()) {
      return refuse(format("'{}', line {}: the times do not ascend", path, number));
    }
    if (table.t.size() == kCsvRowsMax) return refuse(format("'{}' has over a million rows", path));
    table.t.push_back(at);
    table.values.push_back(what);
  }
  if (table.t.empty()) return refuse(format("'{}' has no rows", path));
  return table;
}

}  // namespace takt::scenario
