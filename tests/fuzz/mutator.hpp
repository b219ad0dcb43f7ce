// Random changes of texts: bytes, lines, words of a language, splices of two texts.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace takt::fuzz {

// Thread safety: one thread. Real time: no. Lifetime: independent.
class Mutator {
 public:
  // `words` are what the language is made of.
  Mutator(std::uint64_t seed, std::vector<std::string> words);

  // `text` with one to eight changes, parts of `other` among them; at most kBytesMax long.
  std::string mutate(std::string text, const std::string& other);

  // A number below `bound`, which is at least 1.
  std::size_t below(std::size_t bound);

  static constexpr std::size_t kBytesMax = std::size_t{64} << 10;

 private:
  void change(std::string& text, const std::string& other);
  void flip_byte(std::string& text);
  void delete_run(std::string& text);
  void insert_word(std::string& text);
  void replace_word(std::string& text);
  void duplicate_line(std::string& text);
  void move_line(std::string& text);
  void change_number(std::string& text);
  void splice(std::string& text, const std::string& other);

  std::mt19937_64 random_;
  std::vector<std::string> words_;
};

}  // namespace takt::fuzz
