// The page of a run's injections: what a scenario or a person does to what inputs read.
//
// The supervisor writes it, the loops of the nodes read it. It lies in a memory file of its own, as
// the control page does, and a run without a scenario has no room for points in it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <takt/base/rt.hpp>

namespace takt {

// What an injection does (supervisor/injection.hpp).
enum class InjectionVerb : std::uint32_t {
  set,           // The field is what `points` say: how a scenario drives an input.
  off,           // Samples do not arrive.
  stuck,         // The field, or without one the sample, stays at its last value before `from`, or
                 // from a first sample on at that; with one point at the point's value.
  wrong,         // value * scale + bias
  garbage,       // Every bit of the field, or without one of the sample, is drawn by chance.
  noise,         // value + sd * (a normally distributed number)
  delayed,       // Samples arrive later by `by`, plus up to `jitter` by chance, in order.
  slow,          // One sample of `divide` arrives, the first one of the window among them.
  intermittent,  // Each sample is dropped with probability `drop`.
};

// More than that a scenario is split.
inline constexpr std::uint32_t kInjectionsMax = 256;
// A curve over ten minutes with a point every 10 ms.
inline constexpr std::uint32_t kInjectionPointsMax = 65536;
// By hand, where nothing is reserved for a scenario, on one input at once.
inline constexpr std::uint32_t kInjectionsByHandMax = 16;
// So many samples may wait in one delayed input; a newer one is dropped and counted.
inline constexpr std::uint32_t kDelayedMax = 64;
// What a run without a scenario reserves at most for the copies of one input's samples.
inline constexpr std::uint32_t kCopiesByHandMax = std::uint32_t{256} << 10;
// Whole samples that may be stuck on one input, of a scenario altogether, by hand at once.
inline constexpr std::uint32_t kStuckSamplesMax = 16;
inline constexpr std::uint32_t kStuckSamplesByHandMax = 2;
// An injection that is over keeps its slot for so long: a loop that looks late must not miss it.
inline constexpr std::int64_t kInjectionSlotKept = 10'000'000'000;

// Copies that an input needs beside those that wait: the altered and the driven sample, each on
// show and being made, and the one that has waited last.
inline constexpr std::uint32_t kCopiesShown = 5;
// Each begins on a cache line.
inline constexpr std::uint32_t kCopyAlign = 64;

// What one input keeps ready. Fixed before the barrier.
struct InjectionRoom {
  std::uint32_t injections = kInjectionsByHandMax;
  std::uint32_t delayed = 0;        // Samples that may wait.
  std::uint32_t stuck_samples = 0;  // Whole ones.
  bool copies = false;              // Samples can be altered; else only withheld.
};
constexpr InjectionRoom injection_room(bool scenario, std::uint32_t sample_size) noexcept {
  if (scenario) return {kInjectionsMax, kDelayedMax, kStuckSamplesMax, true};
  constexpr std::uint32_t kOthers = kCopiesShown + kStuckSamplesByHandMax;
  const std::uint32_t lines = sample_size / kCopyAlign + 1;
  const std::uint32_t fit = kCopiesByHandMax / kCopyAlign / lines;
  if (fit <= kOthers) return {kInjectionsByHandMax, 0, 0, false};
  const std::uint32_t left = fit - kOthers;
  return {kInjectionsByHandMax, left < kDelayedMax ? left : kDelayedMax, kStuckSamplesByHandMax,
          true};
}

// One point of a driven field, on the clock of the graph.
struct DrivePoint {
  std::int64_t at_ns = 0;
  double value = 0.0;
};

inline constexpr std::uint32_t kAnySource = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int64_t kInjectionForEver = std::numeric_limits<std::int64_t>::max();

// One injection as a loop acts on it: every name is a place, every time an instant of the graph's
// clock.
struct InjectionEntry {
  std::uint64_t serial = 0;  // In the order in which they were given, from 1.
  std::int64_t from_ns = 0;
  std::int64_t until_ns = kInjectionForEver;
  std::int64_t by_ns = 0;
  std::int64_t jitter_ns = 0;
  std::uint64_t seed = 0;
  double bias = 0.0;
  double scale = 1.0;
  double sd = 0.0;
  double drop = 0.0;
  double value = 0.0;                 // stuck at it, or set to it from the first instant on.
  std::uint32_t node = 0;             // Its place among the commands.
  std::uint32_t input = 0;            // Its place among the node's inputs.
  std::uint32_t source = kAnySource;  // Of an input with fallbacks: its place among the topics.
  InjectionVerb verb = InjectionVerb::off;
  std::uint32_t offset = 0;       // Of the element in the sample.
  std::uint32_t kind = 0;         // FieldKind of the element.
  std::uint32_t whole = 0;        // 1: the whole sample, no element.
  std::uint32_t has_value = 0;    // 1: `value` counts.
  std::uint32_t interpolate = 0;  // 1: straight lines between points.
  std::uint32_t divide = 1;
  std::uint32_t first_point = 0;  // In the page.
  std::uint32_t points = 0;
};
static_assert(std::is_trivially_copyable_v<InjectionEntry>);
static_assert(sizeof(InjectionEntry) % sizeof(std::uint64_t) == 0, "it is written word by word");

struct InjectionSlot {
  static constexpr std::size_t kWords = sizeof(InjectionEntry) / sizeof(std::uint64_t);
  std::atomic<std::uint64_t> revision;  // Odd: being written.
  std::array<std::atomic<std::uint64_t>, kWords> words;
};

// Written by the supervisor, mapped read-only by nodes.
struct InjectionPage {
  std::uint32_t version;
  std::uint32_t room_for_points;
  // Serial of the last injection, stored when all of it is written: the one word that a loop reads
  // at every look.
  std::atomic<std::uint64_t> last_serial;
  std::atomic<std::uint32_t> slots_used;  // That have ever been written.
  std::atomic<std::uint32_t> reserved;
  std::array<InjectionSlot, kInjectionsMax> slots;
  // Here follow `room_for_points` points. One is written once, before the injection that has it.

  static constexpr std::size_t bytes_for(std::uint32_t points) {
    return sizeof(InjectionPage) + std::size_t{points} * sizeof(DrivePoint);
  }
  const DrivePoint* points() const noexcept TAKT_RT {
    return reinterpret_cast<const DrivePoint*>(this + 1);
  }
  DrivePoint* points() noexcept { return reinterpret_cast<DrivePoint*>(this + 1); }
};
static_assert(sizeof(InjectionPage) % alignof(DrivePoint) == 0, "points follow it");

// One slot, read whole or not at all. Cost: a copy.
bool read_injection(const InjectionSlot& slot, InjectionEntry& entry) noexcept TAKT_RT;
// The supervisor's side: readers see the whole of it or nothing.
void write_injection(InjectionSlot& slot, const InjectionEntry& entry) noexcept;

}  // namespace takt
