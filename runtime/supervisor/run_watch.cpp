// What happens while a graph runs: deaths, signals, requests, the clock.
#include <algorithm>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/signals.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

// The word of a count with its thousands: 12.3k.
std::string short_count(std::uint64_t n) {
  if (n < 10'000) return format("{}", n);
  if (n < 10'000'000) return format("{:.1f}k", static_cast<double>(n) / 1e3);
  return format("{:.1f}M", static_cast<double>(n) / 1e6);
}

}  // namespace

void Run::watch() {
  if (conductor_) return watch_lockstep();
  nanoseconds next_line = grid_zero_ + kLiveLineEvery;
  nanoseconds next_logs = grid_zero_;
  while (!ending_) {
    nanoseconds until = next_tend(std::min(next_line, next_logs));
    until = std::min(until, next_feed_);
    if (run_until_) until = std::min(until, *run_until_);
    pump(until);
    const nanoseconds now = clock_.now();
    if (run_until_ && now >= *run_until_) {
      request_end(RunResult::ok, "the time given by --for has passed");
    }
    static_cast<void>(carry_out_faults());
    tend();
    watch_state();
    if (now >= next_logs) {
      watch_suspend();
      watch_arming();
      reap_hogs();
      watch_forces();
      drain_logs();
      next_logs = now + kLogsEvery;
    }
    if (now >= next_line) {
      show_live_line();
      next_line += kLiveLineEvery;
    }
    const bool over = std::all_of(processes_.begin(), processes_.end() - 1,
                                  [](const Process& p) { return p.is_over(); });
    if (over) request_end(RunResult::ok, "every node has ended");
  }
}

void Run::pump(nanoseconds deadline) {
  if (barrier_open_) {
    pages_.control().heartbeat_ns.store(clock_.now().count(), std::memory_order_release);
  }
  feed_watchdogs();
  for (const std::uint64_t tag : poller_.wait(deadline)) {
    if (tag == kSignalTag) {
      handle_signal();
    } else if (tag == kHealTag) {
      handle_heal_reports();
    } else if (tag == kRehearsalTag) {
      handle_rehearsal();
    } else if (tag >= kControlTag) {
      server_->handle(tag);
    } else {
      const std::uint64_t process = (tag - kProcessTag) / 4;
      handle_process(static_cast<std::size_t>(process),
                     static_cast<unsigned>((tag - kProcessTag) % 4));
    }
  }
}

void Run::handle_signal() {
  while (os::read_signal(signals_.get())) {
    ++signals_seen_;
    if (signals_seen_ == 1) request_end(RunResult::ok, "stopped by a signal");
    if (signals_seen_ == 2) result_ = RunResult::killed;
  }
}

void Run::handle_process(std::size_t index, unsigned what) {
  Process& process = processes_[index];
  const auto tap_report = [this](const Json& report) { handle_tap_report(report); };
  const auto print = [&](const std::string& line) { log_.output_of(process.name, line); };
  if (what == kWire && !read_reports(process, tap_report)) poller_.forget(process.wire.get());
  if (what == kOutput && !read_output(process, print)) poller_.forget(process.output.get());
  if (what != kDeath) return;
  look_for_end(process);
  if (!process.ending) return;
  // Its last words may lie behind its death.
  read_reports(process, tap_report);
  read_output(process, print);
  poller_.forget(process.wire.get());
  poller_.forget(process.output.get());
  poller_.forget(process.child.pidfd());
  note_end(index);
}

void Run::note_end(std::size_t index) {
  Process& process = processes_[index];
  log_.event(format("'{}' {}", process.name, process.ending->text()));
  if (barrier_open_ && !ending_) return on_death(index);
  if (&process == &tap() && !ending_) {
    log_.say(format("the tap {}; tools cannot see samples", process.ending->text()));
  }
  run_last_will(index);
  reap(process);
}

void Run::request_end(RunResult result, std::string reason) {
  if (ending_ && result_ != RunResult::ok) return;
  if (ending_ && result == RunResult::ok) return;
  ending_ = true;
  result_ = result;
  reason_ = std::move(reason);
  ended_at_ = graph_now();
}

void Run::handle_tap_report(const Json& report) {
  const std::string kind = report.value("report", "");
  if (kind == "attached") ++taps_attached_;
  if (kind == "followed") tap_follows_ = true;
}

void Run::drain_logs() {
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    node_logs_[i].drain(graph_.nodes[i].name, pages_.status(i).log, log_);
    node_logs_[i].say_switches(graph_.nodes[i], pages_.status(i), log_);
  }
}

void Run::show_live_line() {
  if (!options_.live_line) return;
  std::uint64_t cycles = 0, overruns = 0, misses = 0, lost = 0, stale = 0;
  std::int64_t wake = 0;
  std::size_t running = 0;
  const auto value = [](const auto& word) { return word.load(std::memory_order_relaxed); };
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const StatusPage& page = pages_.status(i);
    cycles += value(page.counters.cycles);
    overruns += value(page.counters.overruns);
    misses += value(page.counters.misses);
    stale += value(page.counters.stale_steps);
    for (std::size_t k = 0; k < graph_.nodes[i].inputs.size(); ++k) {
      lost += value(page.inputs[k].lost);
    }
    wake = std::max(wake, page.wake.percentiles().p99);
    if (processes_[i].alive()) ++running;
  }
  options_.live_line(format(
      "{:5.0f} s  {}{}{}  {} of {} nodes  {} cycles  overruns {}  misses {}  stale {}  lost {}  "
      "worst wake-up p99 {:.0f} us",
      std::chrono::duration<double>(graph_now() - grid_zero_).count(), state(),
      graph_.estop.empty() ? ""
                           : format(", e-stop {}", estop_summary().at("state").get<std::string>()),
      forced_.empty() ? "" : format(", {} forced", forced_.size()), running, graph_.nodes.size(),
      short_count(cycles), overruns, misses, stale, lost, static_cast<double>(wake) * 1e-3));
}

// Every thread of the instance, node by node and then the rest.
void Run::add_threads(Json& summary) {
  for (std::size_t i = 0; i < graph_.nodes.size() && i < processes_.size(); ++i) {
    if (!processes_[i].alive()) continue;
    summary["nodes"][i]["process"] =
        threads_json(processes_[i].child.pid(), processes_[i].baseline, &graph_.nodes[i].real_time);
  }
  Json others = Json::array();
  others.push_back({{"name", "supervisor"}, {"process", threads_json(::getpid(), own_, nullptr)}});
  if (processes_.size() > graph_.nodes.size() && tap().alive()) {
    const Process& process = tap();
    others.push_back({{"name", "tap"},
                      {"process", threads_json(process.child.pid(), process.baseline, nullptr)}});
  }
  summary["processes"] = std::move(others);
}

Json Run::answer(const Json& request, int connection, bool& keep) {
  const std::string verb = request.value("verb", "");
  Json ok = {{"takt", kControlVersion}, {"ok", true}};
  if (verb == "ps") {
    Json reply = ok;
    reply["summary"] = summary("running");
    if (request.value("long", false)) add_threads(reply["summary"]);
    return reply;
  }
  if (verb == "stop") {
    keep = true;  // The end of the connection tells the tool that the graph has stopped.
    request_end(RunResult::ok, "stopped by `takt stop`");
    return ok;
  }
  if (verb == "force") return force(request);
  if (verb == "arm") return arm();
  if (verb == "disarm") return disarm("by `takt disarm`");
  if (verb == "inject" && request.contains("topic")) return inject_by_hand(request);
  if (verb == "restart" || verb == "inject") return act_on_node(request);
  if (verb == "echo") {
    if (tap().progress != Progress::ready || !tap().alive()) {
      return {{"takt", kControlVersion},
              {"ok", false},
              {"message", "the graph is starting or its tap has died; try again"}};
    }
    if (auto sent = os::send_with_fd(tap().wire.get(), json_line(request), connection); !sent) {
      return {{"takt", kControlVersion}, {"ok", false}, {"message", sent.error().text()}};
    }
    return nullptr;
  }
  return {{"takt", kControlVersion},
          {"ok", false},
          {"message", format("this instance does not know the request '{}'", verb)}};
}

}  // namespace takt::supervisor
