// The end of a run: actuators safe, nodes against the data flow, tap, processes, world.
#include <algorithm>
#include <csignal>
#include <map>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Nodes read the control page at least every 500 ms; a step may be under way.
constexpr milliseconds kWaveMax{1500};
// From its last sample to the end of its process.
constexpr milliseconds kLeaveMax{2000};
constexpr milliseconds kLook{1};
// More whole restarts than that within the window are a defect that restarting does not cure.
constexpr std::uint32_t kGraphRestartsMax = 5;
constexpr std::chrono::minutes kGraphRestartWindow{10};

}  // namespace

bool Run::node_has_stopped(std::size_t node) const {
  const auto state =
      static_cast<NodeState>(pages_.status(node).state.load(std::memory_order_acquire));
  return !processes_[node].alive() || state == NodeState::stopped || state == NodeState::failed;
}

// Actuators first; then, level by level, the nodes whose readers have all stopped.
std::vector<std::vector<std::size_t>> Run::stop_waves() const {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) index[graph_.nodes[i].name] = i;
  std::map<std::string, std::size_t> place, level;
  for (std::size_t i = 0; i < graph_.start_order.size(); ++i) place[graph_.start_order[i]] = i;
  std::size_t deepest = 0;
  for (auto name = graph_.start_order.rbegin(); name != graph_.start_order.rend(); ++name) {
    std::size_t own = 0;
    for (const OutputConfig& output : graph_.nodes[index.at(*name)].outputs) {
      for (const ReaderConfig& reader : output.readers) {
        if (place.at(reader.node) > place.at(*name)) own = std::max(own, level[reader.node] + 1);
      }
    }
    level[*name] = own;
    deepest = std::max(deepest, own);
  }
  std::vector<std::vector<std::size_t>> waves(deepest + 2);
  for (auto name = graph_.start_order.rbegin(); name != graph_.start_order.rend(); ++name) {
    const std::size_t i = index.at(*name);
    waves[graph_.nodes[i].actuator ? 0 : level[*name] + 1].push_back(i);
  }
  return waves;
}

void Run::stop_wave(const std::vector<std::size_t>& nodes) {
  for (const std::size_t node : nodes) pages_.command(node, Command::stop);
  for (const std::size_t node : nodes) {
    if (conductor_) take_turn(node);  // In which it stops.
  }
  const nanoseconds until = clock_.now() + kWaveMax;
  while (clock_.now() < until && result_ != RunResult::killed) {
    if (std::all_of(nodes.begin(), nodes.end(),
                    [this](std::size_t node) { return node_has_stopped(node); })) {
      return;
    }
    pump(clock_.now() + kLook);
  }
}

void Run::stop() {
  if (ended_at_.count() == 0) ended_at_ = graph_now();
  ending_ = true;
  manager_.stopping();
  end_hogs();
  for (Process& process : processes_) {  // Whom a scenario has stopped leaves with the others.
    if (process.stopped && process.alive()) {
      static_cast<void>(os::send_signal(process.child, SIGCONT));
    }
  }
  if (!barrier_open_) {
    pages_.enter(Phase::abandoned);
  } else {
    pages_.control().ending.store(1, std::memory_order_relaxed);
    for (const auto& wave : stop_waves()) stop_wave(wave);
  }
  const nanoseconds until = clock_.now() + kLeaveMax;
  const auto nodes_left = [this] {
    return processes_.size() > 1 && std::any_of(processes_.begin(), processes_.end() - 1,
                                                [](const Process& p) { return p.alive(); });
  };
  while (nodes_left() && clock_.now() < until && result_ != RunResult::killed) {
    pump(clock_.now() + kLook);
  }
  if (conductor_) let_tap_follow();
  if (result_ != RunResult::killed) stop_tap();
  kill_what_is_left();
  leave_watchdog();
  drain_logs();
}

// The tap sends on what is still queued, then leaves.
void Run::stop_tap() {
  if (processes_.size() != graph_.nodes.size() + 1 || !tap().alive()) return;
  static_cast<void>(os::send_with_fd(tap().wire.get(), json_line({{"verb", "leave"}}), -1));
  const nanoseconds until = clock_.now() + kLeaveMax;
  while (tap().alive() && clock_.now() < until && result_ != RunResult::killed) {
    pump(clock_.now() + kLook);
  }
}

void Run::kill_what_is_left() {
  for (Process& process : processes_) {
    if (!process.alive()) continue;
    if (result_ != RunResult::killed) {
      log_.say(format("'{}' does not leave and is killed", process.name));
      if (barrier_open_ && result_ == RunResult::ok && &process != &tap()) {
        result_ = RunResult::failed;
        reason_ =
            format("node '{}' did not leave when it was told to and was killed", process.name);
      }
    }
    static_cast<void>(os::send_signal(process.child, SIGKILL));
  }
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    Process& process = processes_[i];
    const bool killed = process.alive();
    while (process.alive()) {
      os::wait_readable(process.child.pidfd(), milliseconds(100));
      look_for_end(process);
    }
    if (killed) run_last_will(i);
    reap(process);
  }
}

Json Run::summary(const std::string& result) {
  const nanoseconds now = ended_at_.count() > 0 ? ended_at_ : graph_now();
  const nanoseconds elapsed = barrier_open_ && now > grid_zero_ ? now - grid_zero_ : nanoseconds(0);
  Json summary =
      summary_head(graph_, {options_.instance, result, reason_, elapsed, state(), is_armed()});
  if (conductor_) {
    const nanoseconds until = pace_.ended.count() > 0 ? pace_.ended : clock_.now();
    const nanoseconds begun = pace_.begun.count() > 0 ? pace_.begun : until;
    summary["wall_s"] = std::chrono::duration<double>(until - begun).count();
  }
  summary["safe_reason"] = safe_reason_;
  summary["estop"] = estop_summary();
  summary["forces"] = forces_summary();
  summary["graph_restarts"] = options_.restarted.count;
  summary["nodes"] = Json::array();
  for (std::size_t i = 0; i < graph_.nodes.size() && i < processes_.size(); ++i) {
    summary["nodes"].push_back(
        node_summary(graph_.nodes[i], processes_[i], pages_.status(i), pages_.totals(i)));
  }
  Json pools = Json::array();
  for (const port::PoolUse& pool : world_->measure()) {
    pools.push_back({{"payload", pool.payload},
                     {"count", pool.count},
                     {"used", pool.used},
                     {"used_max", pool.used_max}});
  }
  summary["memory"] = {{"pools", std::move(pools)}};
  return summary;
}

RunOutcome Run::outcome() {
  static const std::map<RunResult, std::string> kWords{{RunResult::ok, "ok"},
                                                       {RunResult::failed, "failed"},
                                                       {RunResult::refused, "refused"},
                                                       {RunResult::killed, "failed"},
                                                       {RunResult::restart, "failed"}};
  if (result_ == RunResult::killed) reason_ = "killed: interrupted twice";
  RunOutcome outcome{result_, reason_, summary(kWords.at(result_)), not_applied_, {}};
  if (auto written = os::write_file_atomically(paths_.summary, outcome.summary.dump(2) + "\n");
      !written) {
    log_.say("the summary is not kept: " + written.error().text());
  }
  if (result_ == RunResult::restart) plan_graph_restart(outcome);
  return outcome;
}

// What the next life of this process is told. The graph is not restarted for ever.
void Run::plan_graph_restart(RunOutcome& outcome) const {
  GraphRestart& next = outcome.restart;
  next = options_.restarted;
  const nanoseconds now = clock_.now();
  if (next.count == 0 || now - next.first > kGraphRestartWindow) {
    next = {};
    next.first = now;
  }
  if (++next.count > kGraphRestartsMax) {
    outcome.result = RunResult::failed;
    return;
  }
  next.reason = reason_;
  next.run_until = run_until_;
  next.armed = is_armed();
}

Run::~Run() {
  kill_what_is_left();
  // Nodes are gone: the world may go, and the page says that we leave in good order.
  world_.reset();
  pages_.release();
}

}  // namespace takt::supervisor

namespace takt {

Result<RunOutcome> run_graph(const GraphSpec& graph, const RunOptions& options) {
  auto run = supervisor::Run::set_up(graph, options);
  if (!run) return run.error();
  if (auto started = (*run)->start(); started) {
    (*run)->watch();
  } else {
    (*run)->refuse(started.error());
  }
  (*run)->stop();
  auto outcome = (*run)->outcome();
  // Taking the broken world apart could wait for ever: the next image of the process does without.
  if (outcome.result == RunResult::restart) {
    (*run)->leave_as_it_is();
    static_cast<void>(run->release());
  }
  return outcome;
}

}  // namespace takt
