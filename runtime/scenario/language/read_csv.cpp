// Tables of numbers: a head line with names, then rows; `,` separates, `#` begins a remark.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {
namespace {

constexpr double kTimeMax = 86'400.0;             // A day, as every duration.
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
    if (head[i] == name) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<CsvColumn> read_csv(const CsvPlace& place, Report& report) {
  const std::string& path = place.path.value;
  const auto refuse_at = [&](const Mark& mark, std::string message, std::string help) {
    report.error({.code = "scenario.bad-table",
                  .mark = mark,
                  .message = std::move(message),
                  .help = std::move(help)});
    return std::nullopt;
  };
  const auto refuse = [&](std::string message, std::string help = "") {
    return refuse_at(place.path.mark, std::move(message), std::move(help));
  };
  std::error_code problem;
  std::ifstream file(path);
  if (!file || !std::filesystem::is_regular_file(path, problem)) {
    return refuse(format("there is no table '{}'", path),
                  "the path starts at the scenario file's folder");
  }
  std::string line;
  CsvColumn table;
  std::vector<std::string> head;
  std::optional<std::size_t> t, value;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (trimmed(line).empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = split(line, ',');
    if (head.empty()) {
      for (const std::string& cell : cells) head.push_back(trimmed(cell));
      t = find_column(head, place.time.value);
      value = find_column(head, place.column.value);
      if (!t || !value) {
        const Marked<std::string>& column = t ? place.column : place.time;
        return refuse_at(column.mark, format("'{}' has no column '{}'", path, column.value),
                         format("there: {}{}", fmt::join(head, ", "),
                                t ? "" : "; 'time:' names the column of the times, in seconds"));
      }
      continue;
    }
    const std::size_t last = std::max(*t, *value);
    double at = 0.0, what = 0.0;
    const bool has_both = cells.size() > last && read_number(trimmed(cells[*t]), at) &&
                          read_number(trimmed(cells[*value]), what);
    if (!has_both) {
      return refuse(format("'{}', line {}: no finite number", path, number),
                    "a row holds one number for every name of the head line");
    }
    if (std::abs(at) > kTimeMax) {
      return refuse(format("'{}', line {}: no time in seconds", path, number));
    }
    if (!table.t.empty() && at <= table.t.back()) {
      return refuse(format("'{}', line {}: the times do not ascend", path, number));
    }
    if (table.t.size() == kCsvRowsMax)
      return refuse(format("'{}' has over a million rows", path));
    table.t.push_back(at);
    table.values.push_back(what);
  }
  if (table.t.empty()) return refuse(format("'{}' has no rows", path));
  return table;
}

std::optional<CsvColumn> read_table(MapReader& map, Reading& reading) {
  const MarkedEntry* file = map.require("file", "a CSV file with a head line");
  const MarkedEntry* column = map.require("column", "the column with the values");
  const MarkedEntry* time = map.find("time");
  if (!file || !column) return std::nullopt;
  const auto path = graph::read_text(file->value, "'file'", reading.report);
  const auto name = graph::read_text(column->value, "'column'", reading.report);
  const auto times = time ? graph::read_text(time->value, "'time'", reading.report) : "t";
  if (!path || !name || !times) return std::nullopt;
  const std::string whole =
      (std::filesystem::path(reading.folder) / *path).lexically_normal().string();
  const Mark& mark = file->value.mark;
  return read_csv(
      {{whole, mark}, {*times, time ? time->value.mark : mark}, {*name, column->value.mark}},
      reading.report);
}

}  // namespace takt::scenario
