#include "runtime/supervisor/threads.hpp"

#include <takt/os/scheduling.hpp>

namespace takt::supervisor {
namespace {

const char* word_of(Policy policy) {
  switch (policy) {
    case Policy::fifo:
      return "fifo";
    case Policy::round_robin:
      return "round_robin";
    case Policy::other:
      break;
  }
  return "other";
}

}  // namespace

ThreadBaseline count_threads(pid_t process) {
  ThreadBaseline counts;
  for (const pid_t thread : os::threads_of(process)) {
    if (auto found = os::thread_counts(process, thread)) counts[thread] = std::move(*found);
  }
  return counts;
}

Json requested_json(const RealTimeConfig& loop) {
  return {{"policy", word_of(loop.policy)},
          {"priority", loop.policy == Policy::other ? 0 : loop.priority},
          {"cpus", loop.cpus},
          {"lock_memory", loop.lock_memory}};
}

std::optional<os::ThreadCounts> counts_since(const ThreadBaseline& baseline, pid_t process,
                                             pid_t thread) {
  auto counts = os::thread_counts(process, thread);
  const auto before = baseline.find(thread);
  if (!counts || before == baseline.end()) return counts;
  counts->page_faults -= before->second.page_faults;
  counts->involuntary_switches -= before->second.involuntary_switches;
  return counts;
}

Json threads_json(pid_t process, const ThreadBaseline& baseline, const RealTimeConfig* loop) {
  Json threads = Json::array();
  for (const pid_t thread : os::threads_of(process)) {
    const auto counts = counts_since(baseline, process, thread);
    const auto schedule = os::read_schedule(thread);
    if (!counts || !schedule) continue;  // It has just ended.
    const bool is_loop = thread == process;
    Json requested;
    if (loop != nullptr) {
      requested = requested_json(is_loop ? *loop : RealTimeConfig{Policy::other, 0, {}, false});
    }
    threads.push_back({{"name", loop != nullptr && is_loop ? "loop" : counts->name},
                       {"tid", thread},
                       {"requested", std::move(requested)},
                       {"policy", os::to_text(schedule->policy)},
                       {"priority", schedule->priority},
                       {"cpus", schedule->cpus},
                       {"page_faults", counts->page_faults},
                       {"involuntary_switches", counts->involuntary_switches}});
  }
  return {
      {"pid", process}, {"locked_kib", os::locked_kib(process)}, {"threads", std::move(threads)}};
}

}  // namespace takt::supervisor
