#include "runtime/graph/yaml/text_checks.hpp"

#include <cstdint>

#include <takt/base/text.hpp>
#include <takt/graph/mark_tree.hpp>

namespace takt::graph {
namespace {

unsigned byte_at(std::string_view text, std::size_t index) {
  return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
}

// Length of the well-formed UTF-8 sequence at `at`; 0 when there is none (over-long forms and
// surrogates included).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  const auto continues = [&](std::size_t n) { return (byte_at(text, at + n) & 0xC0U) == 0x80U; };
  const unsigned second = byte_at(text, at + 1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool valid = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second > 0x9F);
    return valid && continues(1) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool valid = !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second > 0x8F);
    return valid && continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = text.find('\n', at);
      if (at == std::string_view::npos) return true;
    } else if (c == ' ' || c == '\n' || c == '\r') {
      ++at;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

bool check_text(std::string_view text, Report& report) {
  if (text.size() > kFileBytesMax) {
    report.error({.code = "graph.too-large",
                  .message = format("the file has {} bytes; a {} has at most {}", text.size(),
                                    report.words().kind, kFileBytesMax)});
    return false;
  }
  Mark mark{1, 1, 2};
  bool in_indentation = true;
  for (std::size_t at = 0; at < text.size();) {
    const unsigned c = byte_at(text, at);
    const std::size_t length = utf8_length(text, at);
    if (length == 0 || c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
      report.error(
          {.code = "graph.not-text",
           .mark = mark,
           .message = format("byte 0x{:02x} is not text: a {} is UTF-8", c, report.words().kind),
           .help = "save the file as UTF-8"});
      return false;
    }
    if (c == '\t' && in_indentation) {
      report.error({.code = "graph.tab",
                    .mark = mark,
                    .message = "a tab in the indentation",
                    .help = "YAML is indented with spaces"});
      return false;
    }
    at += length;
    mark.column = c == '\n' ? 1 : mark.column + static_cast<int>(length);
    mark.line += c == '\n' ? 1 : 0;
    mark.end_column = mark.column + 1;
    in_indentation = c == '\n' || (in_indentation && c == ' ');
  }
  if (is_blank(text)) {
    report.error({.code = "graph.empty",
                  .message = "the file is empty",
                  .help = format("the smallest {} has the keys {}", report.words().content,
                                 report.words().smallest)});
    return false;
  }
  return true;
}

}  // namespace takt::graph
