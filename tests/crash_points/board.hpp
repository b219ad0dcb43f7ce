// What the driver of the crash tests and its peers share beside the samples under test.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include <takt/sample/sample.hpp>
#include <takt/time/clock.hpp>

namespace takt::test {

// A sample that proves itself: two writers of one chunk cannot both leave a right check.
struct Proof {
  std::uint64_t incarnation;
  std::uint64_t number;
  std::uint64_t check;
  std::array<std::uint64_t, 5> rest;
};
TAKT_SAMPLE(Proof, (incarnation), (number), (check), (rest));

inline std::uint64_t check_of(std::uint64_t incarnation, std::uint64_t number) {
  return incarnation * 0x9e37'79b9'7f4a'7c15 ^ number * 0xc2b2'ae3d'27d4'eb4f ^ 0x1234567;
}

enum Who : std::uint32_t { kSurvivor, kBystander, kLate, kVictim, kWhoMax };
enum class Order : std::uint32_t { run, freeze };

// How far a victim has come; what follows a number did not happen in time.
enum class Stage : std::uint32_t { started, joined, connected, exchanged, filled, evicted, armed };

struct alignas(64) Slot {
  std::atomic<std::uint32_t> order;
  std::atomic<std::uint32_t> obeyed;
  std::atomic<std::uint32_t> stage;
  std::atomic<std::uint32_t> inside;  // The word of join_iceoryx.
  std::atomic<std::uint64_t> rounds;
  std::atomic<std::uint64_t> published;
  std::atomic<std::uint64_t> unsent;
  std::atomic<std::uint64_t> taken;
  std::atomic<std::uint64_t> bad;     // Wrong or reordered samples.
  std::atomic<std::uint64_t> number;  // Of the last good sample.
  std::atomic<std::uint64_t> incarnation;
  std::atomic<std::uint32_t> wanted;  // By the driver from the late reader: odd: be there.
  std::atomic<std::uint32_t> made;
};

struct Board {
  std::array<Slot, kWhoMax> slots;
  std::atomic<std::uint64_t> pause_us;  // Between two rounds of a peer.
};

inline constexpr int kBoardFd = 20;

// Looks until `condition` holds or `limit` has passed.
template <typename Condition>
bool wait_for(Condition condition, std::chrono::nanoseconds limit) {
  MonotonicClock clock;
  const std::chrono::nanoseconds until = clock.now() + limit;
  while (!condition()) {
    if (clock.now() >= until) return false;
    clock.wait_until(clock.now() + std::chrono::microseconds(50));
  }
  return true;
}

}  // namespace takt::test
