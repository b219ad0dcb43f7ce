// A table of values over time, and its reader from a CSV file.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>

namespace takt::nodes {

// Rows of one table: 16 MB in memory, 1000 s at 1 kHz. More is a mistaken file.
inline constexpr std::size_t kTableRowsMax = 1'000'000;
// Bytes of one file: 64 for each row, enough for two numbers of full length and blanks.
inline constexpr std::size_t kTableBytesMax = 64 * kTableRowsMax;
// Seconds, about 31 years; keeps every time inside 64-bit nanoseconds.
inline constexpr double kTableTimeMax = 1e9;

enum class Interpolation { hold, linear };

// Thread safety: one thread. Real time: `value_at` is. Lifetime: independent.
class ProfileTable {
 public:
  struct Row {
    std::chrono::nanoseconds time{0};
    double value = 0.0;
  };

  ProfileTable() = default;
  // `rows` have increasing times from 0 on.
  explicit ProfileTable(std::vector<Row> rows) : rows_(std::move(rows)) {}

  void set_interpolation(Interpolation interpolation) { interpolation_ = interpolation; }
  // After the last row the table starts again at its first: the last row only marks the end.
  void set_repeat(bool repeat) { repeat_ = repeat; }
  const std::vector<Row>& rows() const { return rows_; }

  // The value `tau` after the table's start: the first row's before it, the last row's after the
  // end. 0 without rows. Cost: a binary search.
  double value_at(std::chrono::nanoseconds tau) const noexcept TAKT_RT;

 private:
  std::vector<Row> rows_;
  Interpolation interpolation_ = Interpolation::hold;
  bool repeat_ = false;
};

// Reads lines `time,value`: seconds from 0 on, strictly increasing (by at least 1 ns), and finite
// values. A first line without any number is a header; blank lines and lines that start with '#'
// are passed over. Errors name `name` and the line.
Result<ProfileTable> parse_profile_table(std::string_view text, const std::string& name);

// The same from a file. Errors: also a file that is missing, no regular file, or too large.
Result<ProfileTable> read_profile_table(const std::string& path);

}  // namespace takt::nodes
