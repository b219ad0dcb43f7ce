// Lockstep: the supervisor hands out time, one node works at a time.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// By the machine's clock: how often signals, requests and deaths are looked for.
constexpr milliseconds kPumpEvery{1};
constexpr milliseconds kTurnLook{10};
// A node that stops has so long for its last turn.
constexpr milliseconds kLastTurnMax{1500};
// The tap has so long for what was sent just before the end.
constexpr std::chrono::seconds kLastSamplesMax{10};
// The tap is waited for before its queues, and its clients' buffers, can be full.
constexpr std::uint32_t kInstantsPerTap = 16;

}  // namespace

void Run::watch_lockstep() {
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    while (!ending_ && processes_[i].alive() && !conductor_->is_at_rest(i)) {
      static_cast<void>(conductor_->await_end(i, clock_.now() + kTurnLook));
      pump(clock_.now());
    }
  }
  pace_.begun = clock_.now();
  pace_.next_line = pace_.begun + kLiveLineEvery;
  while (!ending_) {
    tend_lockstep();
    if (!await_health() || carry_out_faults() || restart_in_lockstep()) continue;
    if (const auto node = conductor_->due()) {
      take_turn(*node);
      continue;
    }
    if (end_instant()) continue;
    const std::int64_t next = next_fault(nanoseconds(conductor_->next())).count();
    if (next == kNoInstant) {  // The last processes are leaving.
      pump(clock_.now() + kTurnLook);
    } else if (run_until_ && next > run_until_->count()) {
      conductor_->advance(run_until_->count());
      request_end(RunResult::ok, "the time given by --for has passed");
    } else {
      keep_speed(next);
      if (!ending_) conductor_->advance(next);
    }
  }
  pace_.ended = clock_.now();
}

// Lets one node work until it has ended its turn, or its process.
void Run::take_turn(std::size_t node) {
  Process& process = processes_[node];
  if (!process.alive() || !conductor_->is_at_rest(node)) return;
  const nanoseconds watchdog = graph_.supervision[node].watchdog;
  const nanoseconds begun = clock_.now();
  conductor_->give(node);
  while (!conductor_->await_end(node, clock_.now() + kTurnLook) && process.alive()) {
    pump(clock_.now());
    const nanoseconds time = clock_.now() - begun;
    if (result_ == RunResult::killed || (ending_ && time > kLastTurnMax)) return;
    if (watchdog.count() == 0 || time <= watchdog || ending_) continue;
    request_end(RunResult::failed,
                format("node '{}' has been in one step for more than {:.3g} s (its 'watchdog')",
                       process.name, std::chrono::duration<double>(watchdog).count()));
  }
}

// Nobody is due any more at this instant. True when that has changed by it.
bool Run::end_instant() {
  watch_arming();
  watch_forces();
  watch_state();
  if (++pace_.instants % kInstantsPerTap == 0) let_tap_follow();
  await_scenario();
  const bool more = next_fault(nanoseconds(kNoInstant)) <= graph_now();
  return ending_ || more || conductor_->due().has_value();
}

// False while a death is being looked into: time stands still until it is known what it means.
bool Run::await_health() {
  const bool healing = std::any_of(processes_.begin(), processes_.end(),
                                   [](const Process& p) { return p.healing; });
  if (healing) pump(clock_.now() + kTurnLook);
  return !healing && !ending_;
}

// What goes by the machine's clock.
void Run::tend_lockstep() {
  const nanoseconds now = clock_.now();
  if (now < pace_.next_pump) return;
  pace_.next_pump = now + kPumpEvery;
  pump(now);
  if (now >= pace_.next_logs) {
    drain_logs();
    pace_.next_logs = now + kLogsEvery;
  }
  if (now >= pace_.next_line) {
    show_live_line();
    pace_.next_line += kLiveLineEvery;
  }
  const bool over = std::all_of(processes_.begin(), processes_.end() - 1,
                                [](const Process& p) { return p.is_over(); });
  if (over) request_end(RunResult::ok, "every node has ended");
}

// Not before the instant that `--speed` gives to it.
void Run::keep_speed(std::int64_t next) {
  if (!options_.speed) return;
  const auto logical = std::chrono::duration<double, std::nano>(
      static_cast<double>(next - grid_zero_.count()) / *options_.speed);
  const nanoseconds due = pace_.begun + std::chrono::duration_cast<nanoseconds>(logical);
  while (!ending_ && clock_.now() < due) pump(std::min(due, clock_.now() + kLogsEvery));
}

// Until every tool that is attached has what was sent so far. Somebody who wants the run to end
// does not wait for a tool that stands still; one that is only slow gets the last samples.
void Run::let_tap_follow() {
  if (taps_attached_ == 0 || !tap().alive() || signals_seen_ > 0) return;
  const bool last = ending_;
  const nanoseconds until = clock_.now() + kLastSamplesMax;
  tap_follows_ = false;
  static_cast<void>(os::send_with_fd(tap().wire.get(), json_line({{"verb", "follow"}}), -1));
  while (!tap_follows_ && tap().alive() && signals_seen_ == 0) {
    if (last ? clock_.now() >= until : ending_) return;
    pump(clock_.now() + kTurnLook);
  }
}

}  // namespace takt::supervisor
