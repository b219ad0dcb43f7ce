#include <charconv>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/quantity.hpp>

namespace takt::graph {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  // from_chars knows "inf" and "nan", which are no values of a graph.
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  const bool has_digit = text.size() > first &&
                         (is_digit(text[first]) || (text[first] == '.' && text.size() > first + 1 &&
                                                    is_digit(text[first + 1])));
  if (!has_digit) return std::nullopt;
  Quantity quantity;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), quantity.number);
  if (problem != std::errc() || !std::isfinite(quantity.number)) return std::nullopt;
  quantity.unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  return quantity;
}

}  // namespace takt::graph
