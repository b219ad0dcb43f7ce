#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <array>

namespace takt::fuzz {
namespace {

constexpr std::size_t kChangesMax = 8;

// Begin and end, behind its line break, of the line that holds `at`.
std::pair<std::size_t, std::size_t> line_around(const std::string& text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::size_t end = text.find('\n', at);
  return {begin, end == std::string::npos ? text.size() : end + 1};
}

bool is_word(char c) { return c == '_' || c == '.' || std::isalnum(static_cast<unsigned char>(c)); }

}  // namespace

Mutator::Mutator(std::uint64_t seed, std::vector<std::string> words)
    : random_(seed), words_(std::move(words)) {}

std::size_t Mutator::below(std::size_t bound) {
  return static_cast<std::size_t>(random_() % bound);
}

std::string Mutator::mutate(std::string text, const std::string& other) {
  // Few changes are likelier than many: most of the text stays valid and deep checks are reached.
  const std::size_t changes = 1 + std::min(below(kChangesMax), below(kChangesMax));
  for (std::size_t i = 0; i < changes; ++i) change(text, other);
  text.resize(std::min(text.size(), kBytesMax));
  return text;
}

void Mutator::change(std::string& text, const std::string& other) {
  if (text.empty()) return insert_word(text);
  switch (below(8)) {
    case 0:
      return flip_byte(text);
    case 1:
      return delete_run(text);
    case 2:
      return insert_word(text);
    case 3:
      return replace_word(text);
    case 4:
      return duplicate_line(text);
    case 5:
      return move_line(text);
    case 6:
      return change_number(text);
    default:
      return splice(text, other);
  }
}

void Mutator::flip_byte(std::string& text) {
  const std::size_t at = below(text.size());
  text[at] = below(2) == 0 ? static_cast<char>(below(256))
                           : static_cast<char>(text[at] ^ static_cast<char>(1U << below(8)));
}

void Mutator::delete_run(std::string& text) {
  const std::size_t at = below(text.size());
  text.erase(at, 1 + below(below(2) == 0 ? 3 : 40));
}

void Mutator::insert_word(std::string& text) {
  text.insert(below(text.size() + 1), words_[below(words_.size())]);
}

void Mutator::replace_word(std::string& text) {
  std::size_t begin = below(text.size());
  while (begin < text.size() && !is_word(text[begin])) ++begin;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  std::size_t end = begin;
  while (end < text.size() && is_word(text[end])) ++end;
  text.replace(begin, end - begin, words_[below(words_.size())]);
}

void Mutator::duplicate_line(std::string& text) {
  const auto [begin, end] = line_around(text, below(text.size()));
  text.insert(end, text.substr(begin, end - begin));
}

void Mutator::move_line(std::string& text) {
  const auto [begin, end] = line_around(text, below(text.size()));
  const std::string line = text.substr(begin, end - begin);
  text.erase(begin, end - begin);
  const std::size_t at = text.empty() ? 0 : line_around(text, below(text.size())).first;
  text.insert(at, line);
}

void Mutator::change_number(std::string& text) {
  static const std::array<std::string, 12> kNumbers{
      "0",   "-1", "1", "255", "256", "65536", "1e308", "1e-320", "9223372036854775808",
      "0.1", "99", "90"};
  const std::size_t at = text.find_first_of("0123456789", below(text.size()));
  if (at == std::string::npos) return;
  std::size_t end = at;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
  text.replace(at, end - at, kNumbers[below(kNumbers.size())]);
}

void Mutator::splice(std::string& text, const std::string& other) {
  if (other.empty()) return;
  const auto [begin, end] = line_around(other, below(other.size()));
  std::string piece = other.substr(begin, end - begin);
  if (below(4) == 0) piece = other.substr(begin);  // Up to the end.
  const std::size_t at = line_around(text, below(text.size())).first;
  text.insert(at, piece);
}

}  // namespace takt::fuzz
