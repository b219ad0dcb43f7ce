#include "runtime/scenario/language/place.hpp"

#include <algorithm>
#include <optional>

#include "runtime/scenario/expression/words.hpp"

namespace takt::scenario {
namespace {

// Walks through a value and its source beside each other.
class Alignment {
 public:
  Alignment(const graph::Mark& mark, const std::string& source, const Parameters& parameters)
      : source_(source), parameters_(parameters), line_(mark.line) {
    std::size_t begin = 0;
    for (int line = 1; line < mark.line && begin != std::string::npos; ++line) {
      begin = source.find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos || mark.line < 1) return;
    line_begin_ = begin;
    at_ = begin + static_cast<std::size_t>(mark.column - 1);
    if (at_ >= source.size()) return;
    const char first = source[at_];
    quote_ = first == '\'' || first == '"' ? first : ' ';
    if (quote_ != ' ') step();
    const bool is_block = first == '|' || first == '>';
    while (is_block && at_ < source_.size() && source_[at_] != '\n') step();
  }

  // Behind the piece of the source that the text has at `i`, which moves on; false when they
  // differ.
  bool advance(const std::string& text, std::size_t& i) {
    const auto parameter = parameter_here(text, i);
    if (parameter) {
      i += std::max<std::size_t>(parameter->second, 1);
      begin_ = {line_, column()};
      for (std::size_t k = 0; k < parameter->first; ++k) step();
      return true;
    }
    if (is_blank(text[i])) {
      if (at_ >= source_.size() || !is_blank(source_[at_])) return false;
      begin_ = {line_, column()};
      while (at_ < source_.size() && is_blank(source_[at_])) step();
      while (i < text.size() && is_blank(text[i])) ++i;
      return true;
    }
    // Indentation before the first word of a block.
    while (at_ < source_.size() && is_blank(source_[at_])) step();
    if (at_ + 1 < source_.size()) {
      const bool escapes = (quote_ == '"' && source_[at_] == '\\') ||
                           (quote_ == '\'' && source_.compare(at_, 2, "''") == 0);
      if (escapes) step();
    }
    if (at_ >= source_.size() || source_[at_] != text[i]) return false;
    begin_ = {line_, column()};
    step();
    ++i;
    return true;
  }

  struct Spot {
    int line = 0;
    int column = 0;
  };
  Spot begin() const { return begin_; }
  Spot end() const { return {line_, column()}; }

 private:
  int column() const { return static_cast<int>(at_ - line_begin_) + 1; }

  void step() {
    if (at_ < source_.size() && source_[at_] == '\n') {
      ++line_;
      line_begin_ = at_ + 1;
    }
    ++at_;
  }

  // Lengths of `${NAME}` and of the value that stands for it.
  std::optional<std::pair<std::size_t, std::size_t>> parameter_here(const std::string& text,
                                                                    std::size_t i) const {
    if (source_.compare(at_, 2, "${") != 0) return std::nullopt;
    for (const auto& [name, value] : parameters_) {
      const bool is_it = source_.compare(at_ + 2, name.size() + 1, name + "}") == 0;
      if (is_it && text.compare(i, value.size(), value) == 0) {
        return std::pair(name.size() + 3, value.size());
      }
    }
    return std::nullopt;
  }

  const std::string& source_;
  const Parameters& parameters_;
  std::size_t at_ = std::string::npos;  // None: the place is not in the source.
  std::size_t line_begin_ = 0;
  int line_ = 0;
  char quote_ = ' ';
  Spot begin_;  // Of the piece that was passed last.
};

}  // namespace

graph::Mark place_in(const graph::MarkedNode& node, std::size_t at, std::size_t length,
                     const std::string& source, const Parameters& parameters) {
  const std::string& text = node.text;
  if (text.empty() || source.empty() || node.mark.line < 1) return node.mark;
  std::size_t last = text.size();
  while (last > 1 && is_blank(text[last - 1])) --last;
  const std::size_t first = std::min(at, last - 1);
  const std::size_t end = std::clamp(at + length, first + 1, last);
  Alignment alignment(node.mark, source, parameters);
  graph::Mark mark;
  for (std::size_t i = 0; i < end;) {
    const std::size_t piece = i;
    if (!alignment.advance(text, i)) return node.mark;
    if (first >= piece && first < i) {
      const auto begin = alignment.begin();
      mark = {begin.line, begin.column, begin.column + 1};
    }
    const auto behind = alignment.end();
    if (mark.line == behind.line) mark.end_column = std::max(mark.end_column, behind.column);
  }
  return mark.line > 0 ? mark : node.mark;
}

}  // namespace takt::scenario
