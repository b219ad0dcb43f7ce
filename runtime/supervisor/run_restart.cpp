// Life after a death: healed, started again, connected, running.
//
//   ended --> heal --> (restart policy) --> wait --> start --> connected --> paired --> runs
//                             |
//                             +--> the graph ends safely
#include <algorithm>
#include <csignal>

#include <takt/base/text.hpp>
#include <takt/port/safe_kill.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

// A node that has lived for so long with the state it was given does not die of it.
constexpr std::chrono::seconds kProven{1};
// How long a planned kill waits for its victim to come out of the transport.
constexpr std::chrono::milliseconds kSafeKillMax{20};

double milliseconds_of(nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::string why_it_ended(const Process& process) {
  if (process.hung) return format("was ended: {}", process.end_reason);
  if (process.failure) return "failed: " + process.failure->text();
  if (!process.end_reason.empty()) return "failed: " + process.end_reason;
  return process.ending->text();
}

}  // namespace

// Readers that give credits hold their writers up: a dead one does not.
void Run::give_back_credits(std::size_t node) {
  Bell& bell = pages_.bells().bells[node];
  bell.sleeping.store(0, std::memory_order_relaxed);
  const NodeConfig& config = graph_.nodes[node];
  for (std::size_t i = 0; i < config.inputs.size(); ++i) {
    if (config.inputs[i].when_full != WhenFull::wait || !config.inputs[i].from) continue;
    bell.consumed[i].store(consumed::kAbsent, std::memory_order_release);
    for (std::size_t w = 0; w < graph_.nodes.size(); ++w) {
      if (graph_.nodes[w].name == config.inputs[i].from->node) ring(pages_.bells().bells[w]);
    }
  }
}

void Run::on_death(std::size_t index) {
  Process& process = processes_[index];
  process.died_at = clock_.now();
  tell_of(process, "exit", process.planned_end || process.restart_wanted);
  if (conductor_ && index < graph_.nodes.size()) conductor_->forget(index);
  if (index < graph_.nodes.size()) {
    give_back_credits(index);
    run_last_will(index);
    if (graph_.nodes[index].actuator && !graph_.safety.rearm_automatically && is_armed()) {
      go_safe(format("actuator '{}' died", process.name));
    }
  }
  if (process.ready_until) leave_hurry(process);
  if (process.ending->exited && process.ending->status == port::kTransportFailedStatus) {
    return restart_graph(format("'{}' found the shared memory broken", process.name));
  }
  // It stays a zombie until it is healed: its pid must not become somebody else's.
  process.healing = true;
  world_->request_heal(process.participant, process.child.pid());
}

void Run::handle_heal_reports() {
  while (const auto report = world_->take_heal_report()) {
    const auto process = std::find_if(processes_.begin(), processes_.end(), [&](const Process& p) {
      return p.ending && p.child.pid() == report->pid;
    });
    if (process == processes_.end()) continue;
    reap(*process);
    process->healing = false;
    log_.event(format(
        "'{}' (process {}) {}: {} locks freed, {} indices replaced, {} chunks leaked ({} ever), "
        "others waited {} us, {} us in all",
        process->name, report->pid,
        report->healed ? "healed" : "cannot be healed: " + report->reason, report->locks_freed,
        report->indices_replaced, report->chunks_leaked, report->chunks_leaked_ever,
        report->unblocked.count() / 1000, report->duration.count() / 1000));
    if (report->healed) {
      decide(static_cast<std::size_t>(process - processes_.begin()));
    } else {
      restart_graph(
          format("the death of '{}' cannot be healed: {}", process->name, report->reason));
    }
  }
}

// What is left when healing cannot be proven: everything through the safe state, and a new world.
void Run::restart_graph(const std::string& why) {
  if (ending_) return;
  // Its time cannot begin again, nor can a scenario.
  if (conductor_ || options_.rehearsal) return request_end(RunResult::failed, why);
  log_.say(format("{}; the whole graph is restarted through its safe state", why));
  request_end(RunResult::restart, why);
}

// RouDi's threads run above the nodes only while somebody joins.
void Run::leave_hurry(Process& process) {
  process.ready_until.reset();
  world_->hurry(false);
}

// What the policy says of a process that has ended and whose traces are healed.
void Run::decide(std::size_t index) {
  Process& process = processes_[index];
  if (ending_) return;
  if (conductor_ && process.planned_end) return decide_planned(index);
  if (conductor_) {
    // A restart takes time of the machine, which logical time does not know.
    if (process.ending->clean() && !process.failure && &process != &tap()) return;
    return request_end(RunResult::failed, format("'{}' {}; lockstep does not go on without it",
                                                 process.name, why_it_ended(process)));
  }
  if (process.restart_wanted) {
    process.restart_at = process.died_at;
    process.plan.planned();
    return;
  }
  const bool clean = process.ending->clean() && !process.failure;
  const RestartPlan::Answer answer = process.plan.ended(process.died_at, clean);
  const std::string what =
      &process == &tap() ? std::string("the tap") : format("node '{}'", process.name);
  switch (answer.next) {
    case RestartPlan::Next::restart:
      process.restart_at = answer.at;
      log_.say(format("{} {}; it is started again", what, why_it_ended(process)));
      return;
    case RestartPlan::Next::give_up:
      if (&process == &tap()) {
        log_.say(
            format("{} {} too often; tools cannot see samples until the next start, the graph "
                   "runs on",
                   what, why_it_ended(process)));
        return;
      }
      request_end(
          RunResult::failed,
          format("{} {} after {} restarts; its 'max_restarts' is {} in {:.3g} s", what,
                 why_it_ended(process), process.plan.restarts(), process.plan.rules().max_restarts,
                 std::chrono::duration<double>(process.plan.rules().restart_window).count()));
      return;
    case RestartPlan::Next::leave:
      if (!clean) request_end(RunResult::failed, format("{} {}", what, why_it_ended(process)));
      return;
  }
}

// A state that its node died of at once must not be given to it for ever.
bool Run::may_restore(const Process& before) const {
  return before.restart_wanted || before.planned_end || !before.restored ||
         before.died_at - before.ready_at > kProven;
}

Result<StartPlan> Run::plan_restart(std::size_t index) {
  const Process& before = processes_[index];
  const bool is_tap = index == graph_.nodes.size();
  const auto program = find_program(is_tap ? "takt-tap" : "takt-node");
  if (!program) return program.error();
  if (is_tap) return tap_plan(*program, before.incarnation + 1);
  if (auto renewed = pages_.renew_status(index, graph_.nodes[index]); !renewed) {
    return renewed.error();
  }
  node_logs_[index] = {};
  pages_.command(index, Command::hold);
  NodeLaunch launch = this->launch(index);
  launch.incarnation = before.incarnation + 1;
  launch.participant = participant_name(before.name, launch.incarnation);
  launch.restore = may_restore(before);
  return node_plan(*program, index, launch);
}

Result<void> Run::start_again(std::size_t index) {
  Process& before = processes_[index];
  const auto plan = plan_restart(index);
  if (!plan) return plan.error();
  world_->hurry(true);
  auto started = start_process(*plan);
  if (!started) return started.error();
  started->plan = std::move(before.plan);
  started->incarnation = before.incarnation + 1;
  started->restored = may_restore(before);
  started->died_at = before.died_at;
  started->planned_return = before.planned_end || before.restart_wanted;
  const nanoseconds allowed = started->plan.rules().startup_deadline;
  started->ready_until =
      clock_.now() + (allowed.count() > 0 ? allowed : nanoseconds(options_.startup_deadline));
  before = std::move(*started);
  watch_process(index);
  return {};
}

// A node that was started again and has made its ports waits until they are connected.
void Run::let_in(std::size_t index) {
  Process& process = processes_[index];
  if (process.progress == Progress::connected && !process.let_in) {
    if (index < graph_.nodes.size() && !unpaired(index).empty()) return;
    process.let_in = true;
    if (index < graph_.nodes.size()) pages_.command(index, Command::run);
  }
  if (process.progress != Progress::ready) return;
  leave_hurry(process);
  process.ready_at = clock_.now();
  process.baseline = count_threads(process.child.pid());
  if (graph_.real_time == RealTimeMode::required && process.applied &&
      !process.applied->refused.empty()) {
    request_end(RunResult::failed, format("node '{}' came back without real time: {} was refused",
                                          process.name, process.applied->refused.front().setting));
    return;
  }
  tell_of(process, "ready", process.planned_return);
  log_.say(format("{} '{}' is back {:.0f} ms after its end (restart {})",
                  &process == &tap() ? "process" : "node", process.name,
                  milliseconds_of(clock_.now() - process.died_at), process.plan.restarts()));
}

void Run::kill_hung(std::size_t index, const std::string& why) {
  Process& process = processes_[index];
  process.hung = true;
  process.end_reason = why;
  log_.say(format("node '{}' {}: it is killed", process.name, why));
  if (index == graph_.nodes.size() ||
      !port::kill_outside(process.child, pages_.status(index).in_transport, kSafeKillMax)) {
    static_cast<void>(os::send_signal(process.child, SIGKILL));
  }
}

void Run::watch_step(std::size_t index) {
  Process& process = processes_[index];
  const nanoseconds limit = process.plan.rules().watchdog;
  if (limit.count() == 0 || process.hung) return;
  const std::int64_t since = pages_.status(index).busy_since.load(std::memory_order_relaxed);
  if (since == 0 || clock_.now().count() - since <= limit.count()) return;
  kill_hung(index, format("has been in one step for more than {:.3g} s (its 'watchdog')",
                          std::chrono::duration<double>(limit).count()));
}

// What is due by the clock, ten times a second and whenever a restart waits.
void Run::tend() {
  for (std::size_t i = 0; i < processes_.size() && !ending_; ++i) {
    Process& process = processes_[i];
    const nanoseconds now = clock_.now();
    if (process.restart_at && now >= *process.restart_at) {
      process.restart_at.reset();
      if (auto started = start_again(i); !started) {
        request_end(RunResult::failed, format("'{}' cannot be started again: {}", process.name,
                                              started.error().text()));
      }
    } else if (process.alive() && process.ready_until) {
      let_in(i);
      if (process.ready_until && now > *process.ready_until && !process.hung) {
        kill_hung(i, "was not ready at its start-up deadline");
      }
    } else if (process.alive() && i < graph_.nodes.size()) {
      watch_step(i);
    }
  }
}

// When `tend` must run next.
nanoseconds Run::next_tend(nanoseconds latest) const {
  for (const Process& process : processes_) {
    if (process.restart_at) latest = std::min(latest, *process.restart_at);
    if (process.alive() && process.ready_until) latest = std::min(latest, clock_.now() + kJoinLook);
  }
  return next_fault(latest);
}

}  // namespace takt::supervisor
