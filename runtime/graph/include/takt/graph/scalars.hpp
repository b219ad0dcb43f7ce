// Single values of the language, from their text as written. Each function reports what is wrong
// at the value's place and returns nothing then; `what` names the value in messages ("'period'").
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <takt/base/text.hpp>
#include <takt/graph/mark_tree.hpp>
#include <takt/graph/report.hpp>

namespace takt::graph {

// Text of a scalar.
std::optional<std::string> read_text(const MarkedNode& node, const std::string& what,
                                     Report& report);

// Letters, digits and underscores, the first a letter, at most 32; with `dashes` also '-'.
std::optional<std::string> read_name(const MarkedNode& node, const std::string& what, bool dashes,
                                     Report& report);
bool check_name(const Marked<std::string>& name, const std::string& what, bool dashes,
                Report& report);

// Decimal digits with an optional sign: `010` is ten.
std::optional<std::int64_t> read_integer(const MarkedNode& node, const std::string& what,
                                         Report& report);

// As read_integer, and within the bounds.
std::optional<std::int64_t> read_integer(const MarkedNode& node, const std::string& what,
                                         std::int64_t min, std::int64_t max, Report& report);

// `true` or `false`, nothing else.
std::optional<bool> read_boolean(const MarkedNode& node, const std::string& what, Report& report);

// A number with one of the units ns, us, ms, s, min; a whole number of nanoseconds, at most a day.
std::optional<std::chrono::nanoseconds> read_duration(const MarkedNode& node,
                                                      const std::string& what, Report& report);

// As read_duration, and greater than zero.
std::optional<std::chrono::nanoseconds> read_positive_duration(const MarkedNode& node,
                                                               const std::string& what,
                                                               Report& report);

// Reports that `word` is none of `words`, with the nearest.
void report_unknown_word(const Marked<std::string>& word, const std::string& what,
                         std::span<const std::string> words, Report& report);

// One of the words of a table.
template <typename T>
std::optional<T> read_word(const MarkedNode& node, const std::string& what,
                           const std::vector<std::pair<std::string, T>>& table, Report& report) {
  const auto text = read_text(node, what, report);
  if (!text) return std::nullopt;
  std::vector<std::string> words;
  for (const auto& [word, value] : table) {
    if (word == *text) return value;
    words.push_back(word);
  }
  report_unknown_word({*text, node.mark}, what, words, report);
  return std::nullopt;
}

}  // namespace takt::graph
