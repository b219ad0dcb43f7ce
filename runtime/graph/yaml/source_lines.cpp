#include "runtime/graph/yaml/source_lines.hpp"

#include <algorithm>

namespace takt::graph {
namespace {

// Length of a quoted text up to its closing quote, or of the whole rest when that is on another
// line.
std::size_t quoted_length(std::string_view rest) {
  const char quote = rest.front();
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (quote == '"' && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == quote) {
      return i + 1;
    }
  }
  return rest.size();
}

}  // namespace

SourceLines::SourceLines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view SourceLines::rest_of(int line, int column) const {
  const auto index = static_cast<std::size_t>(line);
  const auto start = static_cast<std::size_t>(column);
  if (index >= lines_.size() || start >= lines_[index].size()) return {};
  return lines_[index].substr(start);
}

Mark SourceLines::mark_at(int line, int column) const {
  if (static_cast<std::size_t>(line) >= lines_.size() && !lines_.empty()) {
    line = static_cast<int>(lines_.size()) - 1;
    column = static_cast<int>(lines_.back().size());
  }
  const std::string_view rest = rest_of(line, column);
  const std::size_t length = std::min(rest.find_first_of(" ,:[]{}#"), rest.size());
  const int width = std::max(1, static_cast<int>(length));
  return {line + 1, column + 1, column + 1 + width};
}

Mark SourceLines::scalar_mark(int line, int column, const std::string& value, bool quoted) const {
  const std::string_view rest = rest_of(line, column);
  if (rest.empty()) return mark_at(line, column);
  std::size_t length = rest.find_last_not_of(' ') + 1;
  if (quoted && (rest.front() == '"' || rest.front() == '\'')) {
    length = quoted_length(rest);
  } else if (quoted) {
    length = 1;  // The sign of a block of text.
  } else if (rest.starts_with(value)) {
    length = value.size();
  }
  return {line + 1, column + 1, column + 1 + std::max(1, static_cast<int>(length))};
}

}  // namespace takt::graph
