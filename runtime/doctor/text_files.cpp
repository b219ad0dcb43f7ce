#include "runtime/doctor/text_files.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

namespace takt::doctor {
namespace {

constexpr int kCpusMax = 8192;  // The largest NR_CPUS of a Linux kernel.

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  const auto text = os::read_file(path);
  if (!text) return std::nullopt;
  return std::string(trimmed(*text));
}

std::optional<std::int64_t> number_of(std::string_view text) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> read_number(const std::string& path) {
  const auto text = read_text(path);
  return text ? number_of(*text) : std::nullopt;
}

std::vector<int> cpu_list(std::string_view text) {
  std::vector<int> cpus;
  for (const std::string& piece : split(trimmed(text), ',')) {
    const std::size_t dash = piece.find('-');
    const auto first = number_of(std::string_view(piece).substr(0, dash));
    const auto last =
        dash == std::string::npos ? first : number_of(std::string_view(piece).substr(dash + 1));
    if (!first || !last || *first < 0 || *last >= kCpusMax) continue;
    for (std::int64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

std::string as_ranges(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    if (!text.empty()) text += ',';
    text += format("{}", numbers[i]);
    if (end > i + 1) text += format("-{}", numbers[end - 1]);
    i = end;
  }
  return text.empty() ? "none" : text;
}

std::optional<std::string> field_of(std::string_view text, std::string_view key) {
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with(key)) return std::string(trimmed(line.substr(key.size())));
  }
  return std::nullopt;
}

std::optional<std::string> chosen_word(std::string_view text) {
  const std::size_t begin = text.find('[');
  const std::size_t end = text.find(']', begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(begin + 1, end - begin - 1));
}

std::vector<int> numbered_entries(const std::string& folder, std::string_view prefix) {
  std::vector<int> numbers;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto number = number_of(std::string_view(name).substr(prefix.size()));
    if (number && *number >= 0) numbers.push_back(static_cast<int>(*number));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace takt::doctor
