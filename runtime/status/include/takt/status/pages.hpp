// The pages that the supervisor and the node processes share beside the samples.
//
// They lie in memory files that the supervisor owns and hands on by inheritance: no names, nothing
// to clean up. Zeroed memory is a valid empty page of each kind; `kPageVersion` stands in each and
// another version is refused.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <takt/base/rt.hpp>
#include <takt/os/life_word.hpp>
#include <takt/status/histogram.hpp>
#include <takt/status/log_ring.hpp>
#include <takt/status/snapshot.hpp>

namespace takt {

inline constexpr std::uint32_t kPageVersion = 5;

// More nodes than one machine's process table or iceoryx (300 processes) carries with comfort.
inline constexpr std::uint32_t kNodesMax = 256;
// Inputs, and outputs, of one node: a node with more wants a struct as its sample.
inline constexpr std::uint32_t kPortsMax = 32;

enum class NodeState : std::uint32_t { configuring, ready, running, safe, stopped, failed };
std::string_view name_of(NodeState state);

// What the supervisor asks of one node; a node reads it at every wake-up.
enum class Command : std::uint32_t {
  run,
  stop,  // Drive the safe outputs, then leave.
  hold,  // Started into a running graph: wait until every pair is connected.
};

// How far the start has come; the word on which nodes wait for the barrier.
enum class Phase : std::uint32_t {
  joining,    // Nodes register and create their ports.
  preparing,  // Every pair is connected: lock memory, take the real-time class, report.
  running,    // The barrier is open; `grid_zero_ns` is fixed.
  abandoned,  // The start was refused: leave without a step.
};

// One element of the samples of one output that a person holds at a value (`takt force`).
struct Force {
  std::uint64_t armed = 0;    // In this arming only.
  std::int64_t until_ns = 0;  // CLOCK_MONOTONIC.
  std::uint32_t node = 0;     // Its place among the commands.
  std::uint32_t output = 0;   // Its place among the node's outputs.
  std::uint32_t offset = 0;   // Of the element in the sample.
  std::uint32_t size = 0;     // Of the element.
  std::uint64_t bits = 0;     // Its first `size` bytes.
};
struct ForceSlot {
  std::atomic<std::uint64_t> revision;  // Odd: being written.
  std::atomic<std::uint64_t> armed;
  std::atomic<std::int64_t> until_ns;
  std::atomic<std::uint32_t> node, output, offset, size;
  std::atomic<std::uint64_t> bits;
};
// At once; a person keeps no more than that in mind.
inline constexpr std::uint32_t kForcesMax = 16;

// Written by the supervisor, mapped read-only by nodes.
struct ControlPage {
  std::uint32_t version;
  std::uint32_t reserved;
  os::LifeWord supervisor;  // Tells without a system call that the supervisor has died.
  std::atomic<std::uint32_t> phase;
  // 1 from when the graph stops in order: writers then end before their readers, and ages say
  // nothing about the graph any more.
  std::atomic<std::uint32_t> ending;
  std::atomic<std::uint32_t> forces_used;  // Slots that have ever been written.
  std::atomic<std::uint32_t> reserved_word;
  std::atomic<std::int64_t> grid_zero_ns;  // CLOCK_MONOTONIC of grid point 0.
  // CLOCK_MONOTONIC of the supervisor's last sign of life; 0: not judged yet.
  std::atomic<std::int64_t> heartbeat_ns;
  // Which arming is in force; 0: the graph is disarmed and actuators stay safe. Every arming has a
  // number of its own, so that an actuator which has gone safe for good in one waits for the next.
  std::atomic<std::uint64_t> armed;
  std::array<std::atomic<std::uint32_t>, kNodesMax> commands;
  std::array<ForceSlot, kForcesMax> forces;
};

// One node's bell and the credits that it gives back, written by its neighbours and itself.
struct alignas(64) Bell {
  std::atomic<std::uint32_t> rings;     // Futex word.
  std::atomic<std::uint32_t> sleeping;  // 1 while the node may be asleep on it.
  // How far the node has consumed each input: what a bounded writer subtracts. See `Consumed`.
  std::array<std::atomic<std::uint64_t>, kPortsMax> consumed;
};

// A word of `Bell::consumed`: the writer's incarnation in the upper 16 bits, below them how many of
// its samples have been consumed. A writer that was restarted so does not mistake what its
// predecessor was given back for its own.
namespace consumed {
// The reader is dead or has not taken anything since it was restarted: it holds nobody up.
inline constexpr std::uint64_t kAbsent = ~std::uint64_t{0};
inline constexpr unsigned kCountBits = 48;
constexpr std::uint64_t word(std::uint64_t incarnation, std::uint64_t count) {
  return incarnation << kCountBits | (count & ((std::uint64_t{1} << kCountBits) - 1));
}
// Of the samples of writer `incarnation`.
constexpr std::uint64_t count(std::uint64_t word, std::uint64_t incarnation) {
  const std::uint64_t of = incarnation & 0xffff;
  return word >> kCountBits == of ? word & ((std::uint64_t{1} << kCountBits) - 1) : 0;
}
}  // namespace consumed

struct BellPage {
  std::uint32_t version;
  std::uint32_t reserved;
  alignas(64) std::array<Bell, kNodesMax> bells;
};

// Rings a bell. A system call only when the node sleeps.
//
// The order of the two words is sequentially consistent on both sides: the sleeper writes
// `sleeping` and then reads `rings`, the ringer writes `rings` and then reads `sleeping`; at least
// one of them sees the other (Dekker), so no wake-up is lost.
void ring(Bell& bell) noexcept TAKT_RT;

// Waits until the bell has been rung since `seen` or the deadline (CLOCK_MONOTONIC) has passed.
void wait_for_ring(Bell& bell, std::uint32_t seen, std::chrono::nanoseconds deadline) noexcept;

// Why an actuator has gone safe until the next arming.
enum class TripCause : std::uint32_t { none, stale_input, misses, supervisor_stalled, estop };
std::string_view describe(TripCause cause);

// The emergency stop as an actuator sees it.
enum class EstopState : std::uint32_t {
  none,  // The graph has none, or nobody has looked yet.
  released,
  pressed,
  silent,  // No sample, or none that is fresh: as good as pressed.
};
std::string_view name_of(EstopState state);

// Counters of the loop, written by it alone. Nanoseconds and counts since the barrier.
struct LoopCounters {
  std::atomic<std::uint64_t> cycles;       // Steps that ran.
  std::atomic<std::uint64_t> overruns;     // Steps that ended after the next release.
  std::atomic<std::uint64_t> skipped;      // Releases that had no step because one was running.
  std::atomic<std::uint64_t> misses;       // Steps that ended after their deadline.
  std::atomic<std::uint64_t> stale_steps;  // Releases on the stale path.
  std::atomic<std::uint64_t> disarmed;     // Releases of an actuator that nobody has armed.
  std::atomic<std::uint64_t> waiting;      // Releases before every required input had a sample.
  std::atomic<std::uint64_t> non_finite;   // Samples refused for NaN or infinity, in and out.
  std::atomic<std::uint64_t> unmatched;    // Samples passed over by `on: {all, within}`.
};

struct InputCounters {
  std::atomic<std::uint64_t> taken;  // Removed from the queue, also those passed over.
  std::atomic<std::uint64_t> lost;   // Sequence gaps: the queue could not hold them.
  std::atomic<std::uint64_t> stale;  // Judgements that found the input stale.
  std::atomic<std::uint64_t> switches;  // From one topic to another, of an input with fallbacks.
  std::atomic<std::uint32_t> source;    // Which one it reads: its place in the list.
  std::atomic<std::uint32_t> undelayed;  // Dropped by a delay that had no room for more.
  std::atomic<std::uint64_t> injected;   // Samples that an injection altered, withheld or made.
  Histogram age;                     // Now minus publish stamp, at every step.
  Histogram data_age;                // Now minus origin stamp, at every step.
};

struct OutputCounters {
  std::atomic<std::uint64_t> published;
  std::atomic<std::uint64_t> unsent;  // No free chunk.
};

// One node's status: fixed memory, constant time.
//
// Thread safety: the node's loop thread writes, everybody reads. Real time: yes. Lifetime: one
// incarnation of the node.
struct StatusPage {
  std::uint32_t version;
  std::uint32_t input_count;
  std::uint32_t output_count;
  // 1 while the node is inside of the transport: a planned kill waits until it is not.
  std::atomic<std::uint32_t> in_transport;
  std::atomic<std::uint32_t> state;      // NodeState
  std::atomic<std::uint32_t> reason;     // StopReason
  std::atomic<std::int64_t> heartbeat;   // CLOCK_MONOTONIC ns of the last finish.
  std::atomic<std::int64_t> busy_since;  // Start of the step that runs; 0: none does.
  // The arming in which this actuator went safe for good; it waits for another one.
  std::atomic<std::uint64_t> tripped;
  std::atomic<std::uint32_t> trip_cause;  // TripCause
  std::atomic<std::uint32_t> can_act;     // 1: armed, this actuator would follow its command now.
  std::atomic<std::uint32_t> estop;       // EstopState
  std::atomic<std::uint32_t> reserved;
  LoopCounters counters;
  Histogram wake;
  Histogram step;
  LogRing log;
  std::array<OutputCounters, kPortsMax> outputs;
  std::array<InputCounters, kPortsMax> inputs;  // Last: pages are cut behind `input_count`.

  // Bytes of a page for a node with so many inputs.
  static std::size_t bytes_for(std::size_t inputs) {
    return offsetof(StatusPage, inputs) + inputs * sizeof(InputCounters);
  }
};

// Adds what one incarnation of a node has counted to `total`; states and stamps are left alone.
// Both pages have room for so many inputs and outputs.
void add_counts(StatusPage& total, const StatusPage& page, std::size_t inputs,
                std::size_t outputs) noexcept;

// Why a loop ended.
enum class StopReason : std::uint32_t {
  none,
  command,          // The supervisor asked.
  done,             // `step` returned StepResult::done.
  step_failed,      // `step` returned StepResult::failed.
  stale_input,      // `on_stale: stop`
  missed,           // `on_miss: stop`
  supervisor_lost,  // The supervisor's process died.
};
std::string_view describe(StopReason reason);

// A single writer's increment: a plain load and store.
inline void bump(std::atomic<std::uint64_t>& word, std::uint64_t by = 1) noexcept TAKT_RT {
  word.store(word.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace takt
