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
    estop_latched_ = cause == TripCause::estop;
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

// An actuator that waits for data does not wait for it to obey.
void Run::set_armed(std::uint64_t arming) {
  pages_.control().armed.store(arming, std::memory_order_release);
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (graph_.nodes[i].actuator) ring(pages_.bells().bells[i]);
  }
}

// What the actuators see of the emergency stop: the worst of it.
EstopState Run::estop() const {
  auto worst = EstopState::none;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (!graph_.nodes[i].estop) continue;
    const auto seen =
        static_cast<EstopState>(pages_.status(i).estop.load(std::memory_order_relaxed));
    if (seen == EstopState::pressed) return seen;
    worst = std::max(worst, seen);
  }
  return worst;
}

std::string Run::estop_refusal() const {
  switch (estop()) {
    case EstopState::pressed:
      return format("not armed: the emergency stop '{}' is pressed; release it, then arm",
                    graph_.estop);
    case EstopState::silent:
      return format(
          "not armed: the emergency stop '{}' is silent, which counts as pressed; it "
          "must say that it is released",
          graph_.estop);
    case EstopState::none:
    case EstopState::released:
      break;
  }
  return {};
}

// A stop that is over still holds until somebody arms: "latched".
Json Run::estop_summary() const {
  if (graph_.estop.empty()) return nullptr;
  const EstopState seen = estop();
  const bool latched = estop_latched_ && seen == EstopState::released;
  return {{"from", graph_.estop}, {"state", latched ? "latched" : name_of(seen)}};
}

void Run::go_safe(const std::string& why) {
  gone_safe_ = true;
  safe_reason_ = why;
  set_armed(0);
  log_.say(format("{}; the graph is disarmed until `takt arm`", why));
}

Json Run::arm() {
  const auto refuse = [](const std::string& why) {
    return Json{{"takt", kControlVersion}, {"ok", false}, {"message", why}};
  };
  if (!barrier_open_ || ending_) return refuse("the graph is starting or stopping");
  if (const std::string why = estop_refusal(); !why.empty()) return refuse(why);
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
  set_armed(++armings_);
  gone_safe_ = false;
  safe_reason_.clear();
  estop_latched_ = false;
  log_.say("the graph is armed");
  return {{"takt", kControlVersion}, {"ok", true}, {"armed", true}};
}

Json Run::disarm(std::string reason) {
  set_armed(0);
  gone_safe_ = false;
  safe_reason_.clear();
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
