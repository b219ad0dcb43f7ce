// Samples whose every word follows from their number, so that a torn one is seen.
#pragma once

#include <cstddef>
#include <cstdint>

#include <takt/sample/sample.hpp>

namespace takt::test {

struct Block64B {
  std::uint64_t number;
  std::uint64_t checksum;
  std::uint64_t words[6];
};
TAKT_SAMPLE(Block64B, (number), (checksum), (words));
static_assert(sizeof(Block64B) == 64);

struct Block4KiB {
  std::uint64_t number;
  std::uint64_t checksum;
  std::uint64_t words[510];
};
TAKT_SAMPLE(Block4KiB, (number), (checksum), (words));
static_assert(sizeof(Block4KiB) == 4096);

struct Block1MiB {
  std::uint64_t number;
  std::uint64_t checksum;
  std::uint64_t words[131070];
};
TAKT_SAMPLE(Block1MiB, (number), (checksum), (words));
static_assert(sizeof(Block1MiB) == std::size_t{1} << 20);

// What an 8 MiB camera sends: 3840 x 1092 pixels of 16 bit, about.
struct Frame8MiB {
  std::uint64_t number;
  std::uint64_t checksum;
  std::uint64_t words[1048574];
};
TAKT_SAMPLE(Frame8MiB, (number), (checksum), (words));
static_assert(sizeof(Frame8MiB) == std::size_t{8} << 20);

template <typename Block>
void fill(Block& block, std::uint64_t number) noexcept {
  std::uint64_t word = number * 0x9E3779B97F4A7C15U + 1, sum = 0;
  for (std::uint64_t& place : block.words) {
    place = word;
    sum ^= word;
    word += 0xBF58476D1CE4E5B9U;
  }
  block.checksum = sum ^ number;
  block.number = number;
}

// Every word is of the same number, and they give the checksum.
template <typename Block>
bool whole(const Block& block) noexcept {
  std::uint64_t word = block.number * 0x9E3779B97F4A7C15U + 1, sum = 0, wrong = 0;
  for (const std::uint64_t place : block.words) {
    wrong |= place ^ word;
    sum ^= place;
    word += 0xBF58476D1CE4E5B9U;
  }
  return wrong == 0 && (sum ^ block.number) == block.checksum;
}

}  // namespace takt::test
