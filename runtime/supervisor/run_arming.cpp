// Armed, disarmed, safe: what may move, and who said so.
#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {

bool Run::is_armed() const {
  return const_cast<ProcessPages&>(pages_).control().armed.load(std::memory_order_acquire) != 0;
}

// An actuator that went safe for good disarms all of them: half a machine must not move on.
void Run::watch_arming() {
  const std::uint64_t armed = pages_.control().armed.load(std::memory_order_relaxed);
  if (armed == 0) return;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const StatusPage& page = pages_.status(i);
    if (!graph_.nodes[i].actuator || page.tripped.load(std::memory_order_acquire) != armed) {
      continue;
    }
    const auto cause = static_cast<TripCause>(page.trip_cause.load(std::memory_order_relaxed));
    return go_safe(format("actuator '{}' went safe: {}", graph_.nodes[i].name, describe(cause)));
  }
}

// After it every age is wrong, and the world may be another one. Nodes that follow data of before
// the suspend are disarmed within 100 ms of the resume.
void Run::watch_suspend() {
  const auto suspended = suspend_.look();
  if (!suspended) return;
  const std::string why = format("the machine was suspended for {:.3g} s",
                                 std::chrono::duration<double>(*suspended).count());
  if (is_armed()) return go_safe(why);
  log_.say(why);
}

void Run::go_safe(const std::string& why) {
  gone_safe_ = true;
  pages_.control().armed.store(0, std::memory_order_release);
  log_.say(format("{}; the graph is disarmed until `takt arm`", why));
}

Json Run::arm() {
  const auto refuse = [](const std::string& why) {
    return Json{{"takt", kControlVersion}, {"ok", false}, {"message", why}};
  };
  if (!barrier_open_ || ending_) return refuse("the graph is starting or stopping");
  std::string unable;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (!graph_.nodes[i].actuator) continue;
    if (pages_.status(i).can_act.load(std::memory_order_relaxed) != 0) continue;
    unable += (unable.empty() ? "" : ", ") + graph_.nodes[i].name;
  }
  if (!unable.empty()) {
    return refuse(
        format("not armed: the inputs of these actuators are stale or missing: {}", unable));
  }
  pages_.control().armed.store(++armings_, std::memory_order_release);
  gone_safe_ = false;
  log_.say("the graph is armed");
  return {{"takt", kControlVersion}, {"ok", true}, {"armed", true}};
}

Json Run::disarm(std::string reason) {
  pages_.control().armed.store(0, std::memory_order_release);
  gone_safe_ = false;
  log_.say(format("the graph is disarmed {}", reason));
  return {{"takt", kControlVersion}, {"ok", true}, {"armed", false}};
}

std::string Run::state() const {
  if (!barrier_open_) return ending_ ? "stopped" : "starting";
  if (ended_at_.count() > 0) return result_ == RunResult::ok ? "stopped" : "failed";
  if (gone_safe_) return "safe";
  for (const Process& process : processes_) {
    if (process.restart_at || process.ready_until) return "degraded";
  }
  return is_armed() ? "running" : "disarmed";
}

}  // namespace takt::supervisor
