// Letters of names and blanks, as expressions know them: ASCII, whatever the locale says.
#pragma once

#include <string_view>

#include <takt/base/text.hpp>

namespace takt::scenario {

constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// `text` without the blanks at its ends; `base`, where it stands in the whole, moves with it.
constexpr std::string_view trimmed(std::string_view text, std::size_t& base) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
    ++base;
  }
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace takt::scenario
