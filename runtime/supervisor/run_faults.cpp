// What a scenario does to processes, at instants of the graph's clock.
#include <algorithm>
#include <csignal>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// By the machine's clock: how often a process in lockstep is looked at that ends or starts.
constexpr milliseconds kProcessLook{2};

}  // namespace

void Run::plan_fault(const NodeFault& fault) {
  if (auto good = check_node_fault(graph_, fault); !good) {
    return refuse_injection(fault.name, good.error());
  }
  const auto node = static_cast<std::size_t>(graph_.find(fault.node) - graph_.nodes.data());
  faults_.push_back({fault, node, grid_zero_ + fault.at, false});
}

// The next instant at which something is to be done to a process; `latest` when that is later.
nanoseconds Run::next_fault(nanoseconds latest) const {
  for (const PlannedFault& planned : faults_) latest = std::min(latest, planned.next);
  if (!conductor_) return latest;
  for (const Process& process : processes_) {
    if (process.restart_at) latest = std::min(latest, *process.restart_at);
  }
  return latest;
}

// True when something was done.
bool Run::carry_out_faults() {
  bool did = false;
  // Faults of one instant act in the order in which they were given; the list may grow meanwhile.
  for (std::size_t i = 0; i < faults_.size() && !ending_;) {
    if (graph_now() < faults_[i].next) {
      ++i;
      continue;
    }
    did = true;
    PlannedFault planned = faults_[i];
    faults_.erase(faults_.begin() + static_cast<std::ptrdiff_t>(i));
    if (auto done = carry_out(planned); !done) {
      refuse_injection(planned.fault.name, done.error());
    } else if (planned.begun && planned.next.count() > 0) {
      faults_.insert(faults_.begin() + static_cast<std::ptrdiff_t>(i++), planned);
    }
  }
  return did;
}

// `planned.next` is when it goes on; 0: it is over.
Result<void> Run::carry_out(PlannedFault& planned) {
  Process& process = processes_[planned.node];
  const NodeFault& fault = planned.fault;
  planned.next = nanoseconds(0);
  if (!process.alive()) {
    if (planned.begun) return {};  // It ended while it was stopped.
    return fail(format("'{}' is not running", fault.node));
  }
  switch (fault.kind) {
    case NodeFaultKind::kill:
      return kill_as_planned(planned.node, fault);
    case NodeFaultKind::hog: {
      const auto started = start_hogs(process, fault.until - fault.at);
      if (!started) return started.error();
      log_.say(format("scenario: hog '{}': {}", fault.node, *started));
      return {};
    }
    case NodeFaultKind::stop:
      break;
  }
  const bool stops = !planned.begun;
  planned.begun = true;
  process.stopped = stops;
  if (stops && fault.until != kUntilTheEnd) planned.next = grid_zero_ + fault.until;
  if (conductor_) {
    conductor_->hold(planned.node, stops);
  } else if (auto sent = os::send_signal(process.child, stops ? SIGSTOP : SIGCONT); !sent) {
    return sent;
  }
  log_.say(format("scenario: '{}' is {}", fault.node, stops ? "stopped" : "continued"));
  tell_of(process, stops ? "stopped" : "continued", true);
  return {};
}

Result<void> Run::kill_as_planned(std::size_t node, const NodeFault& fault) {
  Process& process = processes_[node];
  process.planned_end = true;
  process.restart_time = fault.restart_time;
  log_.say(format("scenario: kill '{}'", fault.node));
  if (auto sent = os::send_signal(process.child, SIGKILL); !sent) return sent;
  // In lockstep it is at rest, and nothing else happens until it is gone.
  while (conductor_ && process.alive() && !ending_) pump(clock_.now() + kProcessLook);
  return {};
}

// In lockstep, of a death that was planned: it takes part again after the time that the fault says.
void Run::decide_planned(std::size_t index) {
  Process& process = processes_[index];
  const RestartPlan::Answer answer = process.plan.ended(graph_now(), false);
  if (answer.next == RestartPlan::Next::give_up) {
    return request_end(RunResult::failed, format("node '{}' was killed more often than its "
                                                 "'max_restarts' allows",
                                                 process.name));
  }
  if (answer.next == RestartPlan::Next::leave || process.restart_time.count() == 0) return;
  process.restart_at = graph_now() + process.restart_time;
}

// In lockstep: processes whose instant has come are started while time stands still, so that their
// queues begin with the samples of this instant in every run.
bool Run::restart_in_lockstep() {
  bool did = false;
  for (std::size_t i = 0; i < graph_.nodes.size() && !ending_; ++i) {
    if (!processes_[i].restart_at || graph_now() < *processes_[i].restart_at) continue;
    did = true;
    processes_[i].restart_at.reset();
    conductor_->renew(i);
    if (auto started = start_again(i); !started) {
      request_end(RunResult::failed, format("'{}' cannot be started again: {}",
                                            graph_.nodes[i].name, started.error().text()));
      return true;
    }
    Process& process = processes_[i];
    while (!ending_ && process.alive() && (process.ready_until || !conductor_->is_at_rest(i))) {
      pump(clock_.now() + kProcessLook);
      if (process.alive() && process.ready_until) let_in(i);
      if (process.ready_until && clock_.now() > *process.ready_until) {
        request_end(RunResult::failed,
                    format("node '{}' was not ready at its start-up deadline", process.name));
      }
    }
    if (process.alive()) conductor_->remember(i);
  }
  return did;
}

}  // namespace takt::supervisor
