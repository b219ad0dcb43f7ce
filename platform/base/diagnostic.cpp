#include <takt/base/diagnostic.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <tuple>

#include <takt/base/text.hpp>

namespace takt {
namespace {

constexpr const char* kBold = "\033[1m";
constexpr const char* kRed = "\033[1;31m";
constexpr const char* kYellow = "\033[1;33m";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kPlain = "\033[0m";

// Lines of the files that are quoted, each file read once.
class Lines {
 public:
  const std::string* find(const SourceSpot& spot) {
    auto [entry, is_new] = files_.try_emplace(spot.file);
    if (is_new) {
      std::ifstream in(spot.file);
      for (std::string line; std::getline(in, line);) entry->second.push_back(line);
    }
    const auto index = static_cast<std::size_t>(spot.line) - 1;
    return spot.line > 0 && index < entry->second.size() ? &entry->second[index] : nullptr;
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

std::string place(const SourceSpot& spot) {
  if (spot.line == 0) return spot.file;
  return format("{}:{}:{}", spot.file, spot.line, spot.column);
}

std::string quote(const SourceSpot& spot, Lines& lines, bool colour) {
  const std::string* line = lines.find(spot);
  if (!line) return {};
  const auto start = static_cast<std::size_t>(std::max(spot.column, 1)) - 1;
  if (start > line->size()) return {};
  const auto wanted = static_cast<std::size_t>(std::max(spot.end_column - spot.column, 1));
  const std::size_t length = std::max<std::size_t>(1, std::min(wanted, line->size() - start));
  std::string blanks = line->substr(0, start);
  std::replace_if(blanks.begin(), blanks.end(), [](char c) { return c != '\t'; }, ' ');
  return format("{:>5} | {}\n{:>5} | {}{}^{}{}\n", spot.line, *line, "", blanks,
                colour ? kGreen : "", std::string(length - 1, '~'), colour ? kPlain : "");
}

}  // namespace

void Diagnostics::append(const Diagnostics& other) {
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
}

void Diagnostics::sort_by_place() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.spot.file, a.spot.line, a.spot.column) <
           std::tie(b.spot.file, b.spot.line, b.spot.column);
  });
}

bool Diagnostics::has_errors() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string Diagnostics::render(bool colour) const {
  Lines lines;
  std::string text;
  for (const Diagnostic& d : entries_) {
    const bool error = d.severity == Severity::error;
    const char* paint = !colour ? "" : error ? kRed : kYellow;
    text += format("{}{}:{} {}{}:{} {} [{}]\n", colour ? kBold : "", place(d.spot),
                   colour ? kPlain : "", paint, error ? "error" : "warning", colour ? kPlain : "",
                   d.message, d.code);
    text += quote(d.spot, lines, colour);
    for (const DiagnosticNote& note : d.notes) {
      text += format("{}: note: {}\n", place(note.spot), note.message);
      text += quote(note.spot, lines, colour);
    }
    if (!d.help.empty()) text += format("{:>5} = help: {}\n", "", d.help);
  }
  return text;
}

}  // namespace takt
