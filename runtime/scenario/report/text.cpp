#include "runtime/scenario/report/text.hpp"

#include <algorithm>
#include <array>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD.

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  // 0: no UTF-8 begins here.
};

// Shortest forms only, no surrogates, nothing above U+10FFFF.
CodePoint first_of(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char head = byte(0);
  if (head < 0x80) return {head, 1};
  const std::size_t length = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
  if (head < 0xC2 || head > 0xF4 || text.size() < length) return {};
  char32_t value = head & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || surrogate || value > 0x10FFFF) return {};
  return {value, length};
}

std::string_view reference_of(char32_t value) {
  switch (value) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

// Char of XML 1.0; the second control block is allowed there and shows nothing in HTML.
bool is_allowed(char32_t value) {
  return value >= 0x20 && (value < 0x7F || value > 0x9F) && value != 0xFFFE && value != 0xFFFF;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_of(text);
    const std::size_t bytes = std::max<std::size_t>(point.bytes, 1);
    const std::string_view reference = point.bytes == 0 ? kReplacement : reference_of(point.value);
    if (!reference.empty()) {
      result += reference;
    } else {
      result += is_allowed(point.value) ? text.substr(0, bytes) : kReplacement;
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// A zero has no sign for a person.
std::string number_text(double value) { return format("{:.5g}", value == 0.0 ? 0.0 : value); }

std::string seconds_text(std::int64_t t_ns) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto bits = static_cast<std::uint64_t>(t_ns);
  const std::uint64_t size = t_ns < 0 ? std::uint64_t{0} - bits : bits;
  return format("{}{}.{:09}", t_ns < 0 ? "-" : "", size / kSecond, size % kSecond);
}

std::string time_text(nanoseconds t) {
  std::string text = seconds_text(t.count());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

std::string margin_text(const AssessmentResult& assessment) {
  return assessment.margin ? number_text(*assessment.margin) : "-";
}

std::string worst_at_text(const AssessmentResult& assessment) {
  return assessment.worst_at ? time_text(*assessment.worst_at) : "-";
}

std::string trouble_of(const RunResult& run) {
  if (!run.problem.empty()) return run.problem;
  return run.assessments.empty() ? "nothing was assessed" : "";
}

std::string_view name_of(RunEnd end) {
  switch (end) {
    case RunEnd::complete:
      return "complete";
    case RunEnd::stop_condition:
      return "stopped by its condition";
    case RunEnd::aborted:
      return "aborted";
    case RunEnd::failed:
      break;
  }
  return "failed";
}

}  // namespace takt::scenario
