// The watchdogs of service manager and machine: fed while the graph is well, and only then.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/supervisor/health.hpp"
#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

// So often within a watchdog's time-out: two may be lost or late.
constexpr int kFeedsInTimeout = 3;

}  // namespace

// Last before the barrier: from its opening on the machine is reset when this process hangs.
Result<void> Run::open_watchdog() {
  if (options_.watchdog.empty()) return {};
  auto opened = os::HardwareWatchdog::open(options_.watchdog);
  if (!opened) return opened.error();
  machine_watchdog_ = std::move(*opened);
  next_feed_ = clock_.now();
  log_.event(format(
      "the watchdog '{}' is open: {} s", options_.watchdog,
      std::chrono::duration_cast<std::chrono::seconds>(machine_watchdog_->timeout()).count()));
  return {};
}

std::string Run::what_is_wrong() const {
  if (ending_) return "";  // Bounded by the limits of a stop.
  if (conductor_) return "";  // No node runs by the machine's time.
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    std::string found =
        what_ails(graph_.nodes[i], graph_.supervision[i], processes_[i], pages_.status(i),
                  std::max(grid_zero_, processes_[i].ready_at), clock_.now());
    if (!found.empty()) return found;
  }
  return "";
}

void Run::feed_watchdogs() {
  std::chrono::nanoseconds interval = std::chrono::seconds(1);
  bool anybody = false;
  const auto consider = [&](std::chrono::nanoseconds timeout) {
    interval = std::min(interval, timeout / kFeedsInTimeout);
    anybody = true;
  };
  if (const auto limit = manager_.watchdog()) consider(*limit);
  if (machine_watchdog_) consider(machine_watchdog_->timeout());
  const std::chrono::nanoseconds now = clock_.now();
  if (!anybody) next_feed_ = std::chrono::nanoseconds::max();
  if (!barrier_open_ || now < next_feed_) return;
  next_feed_ = now + interval;
  const std::string wrong = what_is_wrong();
  if (wrong.empty() != ails_.empty()) {
    log_.say(wrong.empty() ? "the watchdogs are fed again"
                           : format("the watchdogs are not fed: {}", wrong));
  }
  ails_ = wrong;
  if (!wrong.empty()) return;
  if (manager_.watchdog()) manager_.alive();
  if (machine_watchdog_) machine_watchdog_->feed();
}

// An end that nobody asked for leaves the machine's watchdog counting: without its graph a machine
// is not well. Who starts the graph again in time feeds it again.
void Run::leave_watchdog() {
  if (!machine_watchdog_) return;
  if (result_ == RunResult::ok) {
    if (auto released = machine_watchdog_->release(); !released) log_.say(released.error().text());
  } else if (result_ != RunResult::restart) {
    log_.say(format(
        "the watchdog '{}' is left counting: it resets this machine in {} s unless the "
        "graph is started again",
        options_.watchdog,
        std::chrono::duration_cast<std::chrono::seconds>(machine_watchdog_->timeout()).count()));
  }
  machine_watchdog_.reset();
}

}  // namespace takt::supervisor
