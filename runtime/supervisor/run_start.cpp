// From the first process to the open barrier.
#include <algorithm>
#include <cstring>
#include <map>

#include <unistd.h>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"
#include "runtime/supervisor/tap_launch.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Grid point 0 lies so far ahead that every woken node is waiting for it.
constexpr milliseconds kBarrierLead{50};
// How long connections may take to show after every port is made; they take microseconds.
constexpr milliseconds kPairingMax{2000};
constexpr milliseconds kPairingLook{2};

// ": Operation not permitted (EPERM)"; empty when no system call was refused.
std::string errno_text(int errno_value) {
  if (errno_value == 0) return "";
  const char* const name = ::strerrorname_np(errno_value);
  return format(": {} ({})", std::strerror(errno_value), name == nullptr ? "?" : name);
}

}  // namespace

Result<void> Run::start() {
  started_at_ = clock_.now();
  startup_deadline_ = started_at_ + options_.startup_deadline;
  if (auto started = start_processes(); !started) return started;
  if (auto connected = await(Progress::connected); !connected) return connected;
  if (auto verified = verify_pairs(); !verified) return verified;
  pages_.enter(Phase::preparing);
  if (auto ready = await(Progress::ready); !ready) return ready;
  if (auto granted = judge_real_time(); !granted) return granted;
  if (auto attached = await_taps(); !attached) return attached;
  arm_healer();
  if (auto opened = open_watchdog(); !opened) return opened;
  open_barrier();
  manager_.ready();
  return {};
}

Result<void> Run::start_processes() {
  const auto node_program = find_program("takt-node");
  if (!node_program) return node_program.error();
  const auto tap_program = find_program("takt-tap");
  if (!tap_program) return tap_program.error();
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    auto process = start_process(node_plan(*node_program, i, launch(i)));
    if (!process) return process.error();
    processes_.push_back(std::move(*process));
  }
  auto process = start_process(tap_plan(*tap_program, 1));
  if (!process) return process.error();
  processes_.push_back(std::move(*process));
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    // Tools want their samples back whatever the graph says of its nodes.
    const bool is_tap = i == graph_.nodes.size();
    processes_[i].plan = RestartPlan(is_tap ? NodeSupervision{.restart = RestartPolicy::always}
                                            : graph_.supervision[i]);
    watch_process(i);
  }
  return {};
}

void Run::watch_process(std::size_t index) {
  const Process& process = processes_[index];
  poller_.watch(process.wire.get(), process_tag(index, kWire));
  poller_.watch(process.output.get(), process_tag(index, kOutput));
  poller_.watch(process.child.pidfd(), process_tag(index, kDeath));
}

StartPlan Run::node_plan(const std::string& program, std::size_t node,
                         const NodeLaunch& launch) const {
  StartPlan plan{graph_.nodes[node].name,
                 program,
                 "--launched",
                 launch.participant,
                 to_json(launch),
                 {{pages_.control_fd(), kControlFd},
                  {pages_.bells_fd(), kBellsFd},
                  {pages_.injections_fd(), kInjectionsFd},
                  {pages_.status_fd(node), kStatusFd}}};
  if (const int state = pages_.state_fd(node); state >= 0) {
    plan.inherited.emplace_back(state, kStateFd);
  }
  if (pages_.turns_fd() >= 0) plan.inherited.emplace_back(pages_.turns_fd(), kTurnsFd);
  return plan;
}

StartPlan Run::tap_plan(const std::string& program, std::uint64_t incarnation) const {
  const std::string participant = participant_name(kTapParticipant, incarnation);
  return {"tap",
          program,
          "--launched",
          participant,
          tap_launch(graph_, participant, {paths_.socket, paths_.looking}),
          {{pages_.control_fd(), kControlFd}}};
}

// The topics of `node` that lack a reader whose process has made its ports; empty when none does.
std::string Run::unpaired(std::size_t node) const {
  const auto has_ports = [this](const std::string& name) {
    return std::any_of(processes_.begin(), processes_.end(), [&](const Process& process) {
      return process.name == name && process.alive() && process.progress >= Progress::connected;
    });
  };
  std::string text;
  const NodeConfig& config = graph_.nodes[node];
  for (const OutputConfig& output : config.outputs) {
    const auto expected = static_cast<std::uint32_t>(
        std::count_if(output.readers.begin(), output.readers.end(),
                      [&](const ReaderConfig& reader) { return has_ports(reader.node); }));
    const std::uint32_t found = world_->readers_of({config.name, output.name});
    if (found >= expected) continue;
    text += format("{}topic '{}.{}' is connected to {} of its {} readers", text.empty() ? "" : "; ",
                   config.name, output.name, found, expected);
  }
  return text;
}

Result<void> Run::verify_pairs() {
  const nanoseconds until = clock_.now() + kPairingMax;
  for (;;) {
    std::string text;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const std::string found = unpaired(i);
      text += (text.empty() || found.empty() ? "" : "; ") + found;
    }
    if (text.empty()) return {};
    if (clock_.now() >= until) return fail(text);
    pump(clock_.now() + kPairingLook);
    if (ending_) return fail("interrupted");
  }
}

Result<void> Run::judge_real_time() {
  std::string refused;
  // One remedy a setting: that of the highest priority, which serves the others, too.
  std::map<std::string, std::pair<int, std::string>> remedies;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (!processes_[i].applied) continue;
    for (const Refusal& r : processes_[i].applied->refused) {
      refused += format("\n  {}: {}: wanted {}, got {}{}", processes_[i].name, r.setting, r.wanted,
                        r.got, errno_text(r.errno_value));
      auto& remedy = remedies[r.setting];
      if (r.fix.empty() || graph_.nodes[i].real_time.priority < remedy.first) continue;
      remedy = {graph_.nodes[i].real_time.priority, r.fix};
    }
  }
  std::string fixes;
  for (const auto& [setting, remedy] : remedies) {
    if (!remedy.second.empty()) fixes += "\n  " + remedy.second;
  }
  if (refused.empty()) return {};
  not_applied_ = format("not real time:{}\nwhat changes that:{}", refused, fixes);
  if (graph_.real_time == RealTimeMode::required) {
    return fail("the graph requires real time and the system refused settings:" + refused,
                "grant them:" + fixes + "\n  or accept best effort: --real-time best_effort");
  }
  log_.event(not_applied_);
  return {};
}

void Run::arm_healer() {
  port::HealerOptions options;
  options.lock_memory = std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                                    [](const NodeConfig& n) { return n.real_time.lock_memory; });
  if (auto armed = world_->arm_healer(options); !armed) {
    log_.event("the healer is armed, but not above the nodes: " + armed.error().text());
  }
  poller_.watch(world_->heal_fd(), kHealTag);
}

void Run::refuse(const Error& error) {
  if (signals_seen_ > 0) return;  // Interrupted while starting: an end on request.
  ending_ = true;
  result_ = RunResult::refused;
  reason_ = error.text();
  log_.event("refused: " + reason_);
}

void Run::open_barrier() {
  grid_zero_ = conductor_ ? graph_now() : clock_.now() + kBarrierLead;
  if (options_.run_for) run_until_ = grid_zero_ + *options_.run_for;
  if (options_.restarted.run_until) run_until_ = options_.restarted.run_until;
  pages_.control().grid_zero_ns.store(grid_zero_.count(), std::memory_order_release);
  pages_.control().heartbeat_ns.store(clock_.now().count(), std::memory_order_release);
  // A whole restart is a safe state: who arms by hand does it again, and what was disarmed, by a
  // person or by the emergency stop, stays so.
  const GraphRestart& before = options_.restarted;
  const bool armed = graph_.safety.start_armed &&
                     (before.count == 0 || (graph_.safety.rearm_automatically && before.armed));
  if (armed) {
    pages_.control().armed.store(++armings_, std::memory_order_release);
  }
  for (Process& process : processes_) process.baseline = count_threads(process.child.pid());
  own_ = count_threads(::getpid());
  plan_rehearsal();
  static_cast<void>(suspend_.look());  // What came before does not count.
  pages_.enter(Phase::running);
  barrier_open_ = true;
  static_cast<void>(tell({{"event", "barrier"}, {"t_ns", 0}}));
  log_.event(format("{} nodes run", graph_.nodes.size()));
  if (!armed) {
    log_.say("the graph is disarmed: actuators stay safe until `takt arm`");
  }
}

}  // namespace takt::supervisor
