#include "runtime/supervisor/health.hpp"

#include <algorithm>

#include <takt/base/text.hpp>

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

// A node that stands still for less is late, which deadlines and ages judge.
constexpr std::chrono::seconds kStillMax{1};
constexpr int kPeriodsMax = 3;

}  // namespace

std::string what_ails(const NodeConfig& config, const NodeSupervision& rules,
                      const Process& process, const StatusPage& page, nanoseconds since,
                      nanoseconds now) {
  if (process.restart_at || process.ready_until) {
    return format("node '{}' is being started again", config.name);
  }
  if (process.ending) {
    return process.ending->clean() ? ""
                                   : format("node '{}' {}", config.name, process.ending->text());
  }
  const nanoseconds busy(page.busy_since.load(std::memory_order_relaxed));
  if (busy.count() != 0 && rules.watchdog.count() > 0 && now - busy > rules.watchdog) {
    return format("node '{}' has been in one step for {:.3g} s", config.name,
                  std::chrono::duration<double>(now - busy).count());
  }
  if (config.trigger.kind != TriggerKind::periodic) return "";
  const nanoseconds last = std::max(since + config.trigger.offset,
                                    nanoseconds(page.heartbeat.load(std::memory_order_relaxed)));
  if (now - last <= std::max<nanoseconds>(kStillMax, kPeriodsMax * config.trigger.period))
    return "";
  return format("node '{}' has not run for {:.3g} s", config.name,
                std::chrono::duration<double>(now - last).count());
}

}  // namespace takt::supervisor
