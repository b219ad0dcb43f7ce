// Rows and matrices of numbers as a node's parameters: "1 0.5 -2" or "1, 0.5, -2"; "0 1; -2 -3" or
// "diag(5000, 0)".
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

namespace takt::nodes {

// Errors: what stands in `text`, the value of parameter `name`, is no number, not finite, more than
// `max` numbers or none. Not for a loop.
inline Result<std::vector<double>> parse_coefficients(std::string_view name, std::string_view text,
                                                      std::size_t max) {
  constexpr std::string_view kBetween = " ,\t";
  std::vector<double> numbers;
  for (std::size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    double value = 0.0;
    const auto [stop, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem != std::errc() || stop != word.data() + word.size() || !std::isfinite(value)) {
      return fail(format("{}: '{}' is no number", name, word),
                  format("write numbers with spaces between them: {}: '1 0.5'", name));
    }
    numbers.push_back(value);
    at = text.find_first_not_of(kBetween, end);
  }
  if (numbers.empty() || numbers.size() > max) {
    return fail(format("{} has {} numbers", name, numbers.size()),
                format("give 1 to {} numbers", max));
  }
  return numbers;
}

// A matrix as its rows one after another.
//
// Thread safety: a plain value. Real time: no. Lifetime: independent.
struct NumberTable {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> numbers;

  double at(std::size_t row, std::size_t column) const { return numbers[row * columns + column]; }
};

namespace detail {

inline Result<NumberTable> parse_diagonal(std::string_view name, std::string_view text,
                                          std::size_t max) {
  const auto diagonal = parse_coefficients(name, text, max);
  if (!diagonal) return diagonal.error();
  const std::size_t n = diagonal->size();
  NumberTable table{n, n, std::vector<double>(n * n, 0.0)};
  for (std::size_t i = 0; i < n; ++i) table.numbers[i * n + i] = (*diagonal)[i];
  return table;
}

}  // namespace detail

// Rows are separated by ';'; "diag(...)" is the square matrix with these numbers on its diagonal.
// Errors: as of parse_coefficients for each row, rows of different lengths, more than `max` rows or
// columns. Not for a loop.
inline Result<NumberTable> parse_matrix(std::string_view name, std::string_view text,
                                        std::size_t max) {
  constexpr std::string_view kDiagonal = "diag(";
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t end = text.find_last_not_of(' ');
  const std::string_view bare = text.substr(begin, end == text.npos ? 0 : end + 1 - begin);
  if (bare.starts_with(kDiagonal) && bare.ends_with(')')) {
    return detail::parse_diagonal(
        name, bare.substr(kDiagonal.size(), bare.size() - kDiagonal.size() - 1), max);
  }
  NumberTable table;
  for (std::size_t at = 0; at <= bare.size();) {
    const std::size_t stop = std::min(bare.find(';', at), bare.size());
    const auto row = parse_coefficients(name, bare.substr(at, stop - at), max);
    if (!row) return row.error();
    if (table.rows > 0 && row->size() != table.columns) {
      return fail(format("row {} of {} has {} numbers and the rows before it {}", table.rows + 1,
                         name, row->size(), table.columns),
                  format("rows are separated by ';' and of one length: {}: 0 1; -2 -3", name));
    }
    table.columns = row->size();
    table.numbers.insert(table.numbers.end(), row->begin(), row->end());
    if (++table.rows > max) {
      return fail(format("{} has more than {} rows", name, max), format("give 1 to {} rows", max));
    }
    at = stop + 1;
  }
  return table;
}

// A column as "0; 2" or "0 2". Errors: as of parse_matrix, and more than one row and column.
inline Result<std::vector<double>> parse_vector(std::string_view name, std::string_view text,
                                                std::size_t max) {
  auto table = parse_matrix(name, text, max);
  if (!table) return table.error();
  if (table->rows > 1 && table->columns > 1) {
    return fail(format("{} has {} rows of {} numbers", name, table->rows, table->columns),
                "give one number a state");
  }
  return std::move(table->numbers);
}

}  // namespace takt::nodes
