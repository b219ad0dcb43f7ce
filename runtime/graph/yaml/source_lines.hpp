// The lines of a text, and where on them a value that a parser found begins and ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <takt/graph/mark.hpp>

namespace takt::graph {

// Thread safety: immutable. Real time: no. Lifetime: the text must outlive it.
class SourceLines {
 public:
  explicit SourceLines(std::string_view text);

  // The word that begins at a 0-based place; places behind the text become its last line.
  Mark mark_at(int line, int column) const;

  // The run of characters in which `value` is written; of several lines, the first.
  Mark scalar_mark(int line, int column, const std::string& value, bool quoted) const;

 private:
  std::string_view rest_of(int line, int column) const;

  std::vector<std::string_view> lines_;
};

}  // namespace takt::graph
