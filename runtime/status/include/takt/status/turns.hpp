// The page on which the supervisor hands out logical time: `clock: lockstep`.
//
// At any moment at most one node works. It ends its turn by saying at which instant it wants the
// next one, and whether a ring of its bell shall give it one earlier.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>

#include <takt/status/pages.hpp>

namespace takt {

// Grid point 0 of every lockstep run, so that two runs write the same stamps. Not 0: a stamp of 0
// means that there is none.
inline constexpr std::int64_t kLogicalZero = 1'000'000'000;
// No instant: a node that has left.
inline constexpr std::int64_t kNoInstant = std::numeric_limits<std::int64_t>::max();

struct alignas(64) Turn {
  std::atomic<std::uint32_t> given;  // Futex word: turns that the supervisor has given.
  std::atomic<std::uint32_t> ended;  // Turns that the node has ended: at rest one more than given.
  std::atomic<std::int64_t> next_ns;  // The instant at which it wants the next one.
  std::atomic<std::uint32_t> awaits_bell;  // 1: or when `rings` of its bell is no longer `seen`.
  std::atomic<std::uint32_t> seen;
};

// Written by the supervisor and the nodes. Zeroed memory is an empty page.
struct TurnPage {
  std::uint32_t version;
  std::atomic<std::uint32_t> ended;  // Futex word: changes when any turn ends.
  std::atomic<std::int64_t> now_ns;  // The present instant.
  alignas(64) std::array<Turn, kNodesMax> turns;
};

}  // namespace takt
