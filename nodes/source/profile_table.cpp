#include "nodes/source/profile_table.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <takt/base/text.hpp>

namespace takt::nodes {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// None when `text` is not wholly a number. Gives infinity for one that double cannot hold.
std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (code == std::errc::result_out_of_range) return HUGE_VAL;
  if (code != std::errc{}) return std::nullopt;
  return number;
}

// Collects the rows of one text, line after line.
class TableParser {
 public:
  explicit TableParser(const std::string& name) : name_(name) {}

  Result<void> add_line(std::string_view line) {
    ++line_number_;
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with('#')) return {};
    const bool may_be_header = !std::exchange(has_content_, true);

    const std::size_t comma = content.find(',');
    const std::string_view time_text = trimmed(content.substr(0, comma));
    const std::string_view value_text =
        comma == std::string_view::npos ? std::string_view{} : trimmed(content.substr(comma + 1));
    const auto time = number_of(time_text);
    const auto value = number_of(value_text);
    if (may_be_header && !time && !value) return {};
    if (comma == std::string_view::npos || value_text.find(',') != std::string_view::npos) {
      return wrong("a row has two columns, time and value", "write `time,value`");
    }
    if (!time) return wrong(format("the time '{}' is not a number", time_text));
    if (!value) return wrong(format("the value '{}' is not a number", value_text));
    return add_row({time_text, *time}, {value_text, *value});
  }

  Result<ProfileTable> finish() && {
    if (rows_.empty()) {
      return fail(format("{}:{}: the table has no rows", name_, std::max(line_number_, 1)),
                  "give at least one line `time,value`");
    }
    return ProfileTable(std::move(rows_));
  }

 private:
  struct Field {
    std::string_view text;
    double number = 0.0;
  };

  Result<void> add_row(const Field& time, const Field& value) {
    if (!std::isfinite(value.number))
      return wrong(format("the value '{}' is not finite", value.text));
    if (!(time.number >= 0.0 && time.number <= kTableTimeMax)) {
      return wrong(
          format("the time '{}' is not between 0 and {} seconds", time.text, kTableTimeMax),
          "a table counts from the profile's `at`");
    }
    const std::chrono::nanoseconds at{static_cast<std::int64_t>(std::llround(time.number * 1e9))};
    if (!rows_.empty() && at <= rows_.back().time) {
      return wrong(format("the time '{}' is not later than the row before", time.text),
                   "times increase from row to row, by at least 1 ns");
    }
    if (rows_.size() == kTableRowsMax) {
      return wrong(format("the table has more than {} rows", kTableRowsMax));
    }
    rows_.push_back({at, value.number});
    return {};
  }

  Error wrong(const std::string& what, std::string fix = {}) const {
    return fail(format("{}:{}: {}", name_, line_number_, what), std::move(fix));
  }

  const std::string& name_;
  std::vector<ProfileTable::Row> rows_;
  int line_number_ = 0;
  bool has_content_ = false;
};

}  // namespace

double ProfileTable::value_at(std::chrono::nanoseconds tau) const noexcept {
  if (rows_.empty()) return 0.0;
  const Row& first = rows_.front();
  const std::chrono::nanoseconds length = rows_.back().time - first.time;
  if (repeat_ && length.count() > 0 && tau > first.time) {
    tau = first.time + (tau - first.time) % length;
  }
  if (tau <= first.time) return first.value;

  const auto next = std::upper_bound(
      rows_.begin(), rows_.end(), tau,
      [](std::chrono::nanoseconds time, const Row& row) { return time < row.time; });
  const Row& before = *std::prev(next);  // Exists: tau is after the first row.
  if (next == rows_.end() || interpolation_ == Interpolation::hold) return before.value;
  const double part = static_cast<double>((tau - before.time).count()) /
                      static_cast<double>((next->time - before.time).count());
  return before.value + (next->value - before.value) * part;
}

Result<ProfileTable> parse_profile_table(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // Spreadsheets write it.
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  TableParser parser(name);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto added = parser.add_line(text.substr(0, end)); !added) return added.error();
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::move(parser).finish();
}

Result<ProfileTable> read_profile_table(const std::string& path) {
  const std::string consequence = "the profile has no values";
  const std::string fix = "check `file`; relative paths start at the graph file's folder";
  std::error_code refusal;
  const auto status = std::filesystem::status(path, refusal);
  if (refusal)
    return system_error(format("open table '{}'", path), refusal.value(), consequence, fix);
  if (!std::filesystem::is_regular_file(status)) {  // Opening a pipe would wait for its writer.
    return fail(format("table '{}' is not a regular file", path), fix);
  }
  if (const auto size = std::filesystem::file_size(path, refusal); size > kTableBytesMax) {
    return fail(format("table '{}' is larger than {} bytes", path, kTableBytesMax),
                "keep every n-th row; between rows, `interpolation: linear` fills in");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return system_error(format("open table '{}'", path), errno, consequence, fix);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return system_error(format("read table '{}'", path), errno, consequence, fix);
  return parse_profile_table(text, path);
}

}  // namespace takt::nodes
