// The loop of one node: take, judge, step, commit, ring, count.
//
// What releases it is a driver's business (`loop/drivers`): the grid, a bell, or nothing. The life
// of a cycle is told in ARCHITECTURE.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>
#include <takt/loop/turn_taker.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/node/node.hpp>
#include <takt/port/port.hpp>
#include <takt/status/injections.hpp>
#include <takt/status/pages.hpp>
#include <takt/time/clock.hpp>

namespace takt::loop {

// The shared pages that a loop works on.
struct Pages {
  const ControlPage* control = nullptr;
  BellPage* bells = nullptr;
  StatusPage* status = nullptr;
  SnapshotPage* snapshot = nullptr;  // Null: the node declares no state.
  TurnTaker* turns = nullptr;        // In lockstep, where it is the loop's clock too; else null.
  const InjectionPage* injections = nullptr;  // Null: nothing is ever injected.
};

// One release as its driver sees it, in CLOCK_MONOTONIC nanoseconds.
struct Release {
  std::int64_t time = 0;      // Grid point, or publish stamp of the trigger.
  std::int64_t start = 0;     // Now.
  std::uint64_t skipped = 0;  // Releases left out just before.
};

// Thread safety: one thread, which also makes it. Real time: as marked. Lifetime: not beyond its
// participant, pages and clock.
class Loop {
 public:
  // Makes the node's ports. Errors: the node's own declaration and its configuration differ, the
  // transport's limits. `launch.node` is expected to be complete and checked.
  static Result<std::unique_ptr<Loop>> make(std::unique_ptr<Node> node, const NodeLaunch& launch,
                                            port::Participant& participant, Pages pages,
                                            Clock& clock);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs the node's `configure`, and gives it its predecessor's state when it is to have one.
  Result<void> configure();
  // Touches memory and code before the barrier; sends nothing.
  void warm_up() noexcept;
  // Fixes grid point 0.
  void start(std::int64_t grid_zero) noexcept;

  // Takes what has come; true when the node's data trigger is satisfied.
  bool collect() noexcept TAKT_RT;
  // Every bounded output has a credit.
  bool has_credits() const noexcept TAKT_RT;

  enum class Did {
    stepped,
    went_stale,  // On the stale path.
    waited,      // A required input has no sample yet.
    ended,       // The loop has ended, see `reason`.
  };
  // One release: judge, step or stale path, commit, ring, count.
  Did run(const Release& release) noexcept TAKT_RT;

  // A release without a trigger, as `must_act` asks for: the safe outputs when they are due now,
  // else nothing; a step waits for its trigger.
  void obey(std::int64_t now) noexcept TAKT_RT;

  // The publish stamp of the sample that satisfied the trigger.
  std::int64_t trigger_stamp() const noexcept TAKT_RT;
  // When a node that waits for data must look at its inputs again although none came.
  std::int64_t next_look(std::int64_t now, std::int64_t last_wake) const noexcept TAKT_RT;
  // The emergency stop was pressed, or the graph armed or disarmed, since the last release of an
  // actuator: it does not wait for its trigger.
  bool must_act() const noexcept TAKT_RT;
  // An output is on its way to its safe value (`hold`, `ramp`): it is driven without a trigger too.
  bool is_on_safe_course() const noexcept TAKT_RT;
  // An input is stale at `now`, so that a time-out is a release of its own.
  bool any_stale(std::int64_t now) noexcept TAKT_RT;

  // The waits of the drivers: for an instant, which may end early, or for a ring of its bell. In
  // lockstep they end the node's turn.
  void wait_until(std::int64_t instant) noexcept;
  void wait_for_ring(std::uint32_t seen, std::int64_t deadline) noexcept;

  // The supervisor's word, read without a system call; not `none` when the loop must end.
  StopReason asked_to_end() noexcept TAKT_RT;
  // Sends the safe outputs and ends.
  void end(StopReason reason) noexcept TAKT_RT;
  bool ended() const noexcept TAKT_RT;
  StopReason reason() const noexcept TAKT_RT;

  const NodeConfig& config() const noexcept;
  Bell& bell() noexcept;
  Clock& clock() noexcept;
  std::int64_t grid_zero() const noexcept;
  bool joins_late() const noexcept;  // Started into a graph that runs already.
  Node& node() noexcept;

 private:
  struct State;
  explicit Loop(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Runs the loop with the driver for its trigger until it ends.
void drive(Loop& loop) noexcept;

}  // namespace takt::loop
