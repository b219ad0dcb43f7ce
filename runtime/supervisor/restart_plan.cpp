#include "runtime/supervisor/restart_plan.hpp"

#include <algorithm>

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kBackoffMax{5};

// Nothing before the first restart of the window, then doubling.
nanoseconds pause_before(std::size_t restart, nanoseconds backoff) {
  if (restart <= 1) return nanoseconds(0);
  nanoseconds pause = backoff;
  for (std::size_t i = 2; i < restart && pause < kBackoffMax; ++i) pause *= 2;
  return std::min<nanoseconds>(pause, std::max<nanoseconds>(kBackoffMax, backoff));
}

}  // namespace

RestartPlan::Answer RestartPlan::ended(nanoseconds now, bool clean) {
  if (rules_.restart == RestartPolicy::never) return {};
  if (clean && rules_.restart == RestartPolicy::on_failure) return {};
  while (!recent_.empty() && now - recent_.front() > rules_.restart_window) recent_.pop_front();
  if (recent_.size() >= rules_.max_restarts) return {Next::give_up, now};
  recent_.push_back(now);
  ++restarts_;
  return {Next::restart, now + pause_before(recent_.size(), rules_.backoff)};
}

}  // namespace takt::supervisor
