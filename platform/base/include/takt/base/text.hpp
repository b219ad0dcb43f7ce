// Text formatting: the only header of takt that includes fmt. Not for the loop's path.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace takt {

using fmt::format;

// Of ASCII, whatever the locale says.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The entry of `known` that `word` is most likely a misspelling of; empty when none is near (more
// than a third of its letters, and at least two, differ). Damerau-Levenshtein distance.
std::string nearest_word(std::string_view word, std::span<const std::string> known);

// "a", "a or b", "a, b or c".
std::string one_of(std::span<const std::string> words);

// `text` cut at every `separator`; an empty text gives one empty piece.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace takt
