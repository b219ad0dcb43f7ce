#include <array>
#include <charconv>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/quantity.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/draft.hpp"

namespace takt::graph {
namespace {

using std::chrono::nanoseconds;

struct TimeUnit {
  std::string_view name;
  double in_ns;
};
constexpr std::array kTimeUnits{TimeUnit{"ns", 1.0}, TimeUnit{"us", 1e3}, TimeUnit{"ms", 1e6},
                                TimeUnit{"s", 1e9}, TimeUnit{"min", 60e9}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::nullopt_t refuse_duration(const MarkedNode& node, std::string message, Report& report) {
  report.error({.code = "graph.bad-duration",
                .mark = node.mark,
                .message = std::move(message),
                .help = "a duration is a number with ns, us, ms, s or min, as in 10ms"});
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_text(const MarkedNode& node, const std::string& what,
                                     Report& report) {
  if (!check_shape(node, Shape::scalar, what, report)) return std::nullopt;
  return node.text;
}

bool check_name(const Marked<std::string>& name, const std::string& what, bool dashes,
                Report& report) {
  const std::string& text = name.value;
  bool valid = !text.empty() && text.size() <= kNameLengthMax && is_letter(text.front());
  for (const char c : text) {
    valid = valid && (is_letter(c) || is_digit(c) || c == '_' || (dashes && c == '-'));
  }
  if (valid) return true;
  report.error(
      {.code = "graph.bad-name",
       .mark = name.mark,
       .message = format("'{}' cannot be {}", text, what),
       .help = format("a name has 1 to {} letters, digits{}, and begins with a letter",
                      kNameLengthMax, dashes ? ", underscores and dashes" : " and underscores")});
  return false;
}

std::optional<std::string> read_name(const MarkedNode& node, const std::string& what, bool dashes,
                                     Report& report) {
  if (!check_shape(node, Shape::scalar, what, report)) return std::nullopt;
  if (!check_name({node.text, node.mark}, what, dashes, report)) return std::nullopt;
  return node.text;
}

std::optional<std::int64_t> read_integer(const MarkedNode& node, const std::string& what,
                                         Report& report) {
  if (!check_shape(node, Shape::scalar, what, report)) return std::nullopt;
  std::string_view text = node.text;
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (node.quoted || problem != std::errc() || end != text.data() + text.size()) {
    report.error({.code = "graph.wrong-kind",
                  .mark = node.mark,
                  .message = format("{} takes an integer, not '{}'", what, node.text)});
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> read_integer(const MarkedNode& node, const std::string& what,
                                         std::int64_t min, std::int64_t max, Report& report) {
  const auto value = read_integer(node, what, report);
  if (!value || (*value >= min && *value <= max)) return value;
  report.error({.code = "graph.out-of-range",
                .mark = node.mark,
                .message = format("{} is {}; it must be {} to {}", what, *value, min, max)});
  return std::nullopt;
}

std::optional<bool> read_boolean(const MarkedNode& node, const std::string& what, Report& report) {
  if (!check_shape(node, Shape::scalar, what, report)) return std::nullopt;
  if (!node.quoted && node.text == "true") return true;
  if (!node.quoted && node.text == "false") return false;
  report.error({.code = "graph.wrong-kind",
                .mark = node.mark,
                .message = format("{} is true or false, not '{}'", what, node.text)});
  return std::nullopt;
}

std::optional<nanoseconds> read_duration(const MarkedNode& node, const std::string& what,
                                         Report& report) {
  if (!check_shape(node, Shape::scalar, what, report)) return std::nullopt;
  const auto quantity = parse_quantity(node.text);
  if (!quantity) {
    return refuse_duration(node, format("{} takes a duration, not '{}'", what, node.text), report);
  }
  if (quantity->unit.empty()) {
    return refuse_duration(node, format("{} needs a unit: '{}' of what?", what, node.text), report);
  }
  for (const TimeUnit& unit : kTimeUnits) {
    if (unit.name != quantity->unit) continue;
    const double exact = quantity->number * unit.in_ns;
    if (std::abs(exact) > static_cast<double>(kDurationMax.count())) {
      return refuse_duration(node, format("{} is longer than a day", what), report);
    }
    // A decimal fraction such as 0.1ms is off by rounding; 0.5ns is off by a half.
    if (std::abs(exact - std::round(exact)) > 1e-3 + std::abs(exact) * 1e-15) {
      return refuse_duration(node, format("{} is no whole number of nanoseconds", what), report);
    }
    return nanoseconds(std::llround(exact));
  }
  return refuse_duration(
      node, format("{} takes a duration; '{}' is no unit of one", what, quantity->unit), report);
}

std::optional<nanoseconds> read_positive_duration(const MarkedNode& node, const std::string& what,
                                                  Report& report) {
  const auto value = read_duration(node, what, report);
  if (!value || *value > nanoseconds(0)) return value;
  report.error({.code = "graph.out-of-range",
                .mark = node.mark,
                .message = format("{} is {}; it must be greater than zero", what, node.text)});
  return std::nullopt;
}

void report_unknown_word(const Marked<std::string>& word, const std::string& what,
                         std::span<const std::string> words, Report& report) {
  const std::string near = nearest_word(word.value, words);
  report.error({.code = "graph.unknown-word",
                .mark = word.mark,
                .message = format("{} is {}, not '{}'{}", what, one_of(words), word.value,
                                  near.empty() ? "" : format("; did you mean '{}'?", near))});
}

}  // namespace takt::graph
