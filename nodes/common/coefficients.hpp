// A row of numbers as a node's parameter: "1 0.5 -2" or "1, 0.5, -2".
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
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

}  // namespace takt::nodes
