#include "runtime/scenario/report/table.hpp"

#include <algorithm>
#include <array>

#include <takt/base/text.hpp>

#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

using Cells = std::array<std::string, 4>;
constexpr std::size_t kWordColumns =
    2;  // Verdict and name stand to the left, figures to the right.

Cells cells_of(const AssessmentResult& a) {
  return {std::string(name_of(a.verdict)), a.name, margin_text(a), worst_at_text(a)};
}

std::string_view colour_of(const AssessmentResult& a) {
  if (a.verdict == Verdict::pass) return "\x1b[32m";
  return a.counts_as_failure() ? "\x1b[1;31m" : "\x1b[33m";
}

std::string padded(const std::string& cell, std::size_t column, std::size_t width) {
  const std::string blanks(width - columns_of(cell), ' ');
  return column < kWordColumns ? cell + blanks : blanks + cell;
}

// Control characters of a text would move the terminal's cursor.
std::string plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

}  // namespace

std::string result_headline(const RunResult& run) {
  return format("{}: {}, {}/report.html\n", plain(run.id), name_of(run.verdict()),
                plain(run.folder));
}

std::string result_table(const RunResult& run, bool colour) {
  std::vector<Cells> rows{{"verdict", "assessment", "margin", "worst at"}};
  for (const AssessmentResult& a : run.assessments) rows.push_back(cells_of(a));
  std::array<std::size_t, 4> widths{};
  for (Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = plain(row[i]);
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  const std::string indent(widths[0] + 2, ' ');
  std::string text;
  for (std::size_t r = 0; r < rows.size() && rows.size() > 1; ++r) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      std::string cell = padded(rows[r][i], i, widths[i]);
      const bool coloured = colour && r > 0 && i == 0;
      if (coloured) cell = format("{}{}\x1b[0m", colour_of(run.assessments[r - 1]), cell);
      text += cell + (i + 1 < widths.size() ? "  " : "\n");
    }
    if (r == 0 || run.assessments[r - 1].verdict == Verdict::pass) continue;
    const AssessmentResult& a = run.assessments[r - 1];
    if (!a.text.empty()) text += format("{}{}\n", indent, plain(a.text));
    if (!a.required.empty()) text += format("{}required: {}\n", indent, plain(a.required));
  }
  if (const std::string trouble = trouble_of(run); !trouble.empty()) {
    text += format("{}error{}: {}\n", colour ? "\x1b[1;31m" : "", colour ? "\x1b[0m" : "",
                   plain(trouble));
  }
  return text;
}

}  // namespace takt::scenario
