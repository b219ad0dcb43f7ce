// The threads of a process as the kernel holds them now: what `takt ps --long` shows.
#pragma once

#include <map>

#include <sys/types.h>

#include <takt/base/json.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/os/threads.hpp>

namespace takt::supervisor {

// What the threads of one process had counted when the barrier opened, or when a node that was
// started again was ready.
using ThreadBaseline = std::map<pid_t, os::ThreadCounts>;
ThreadBaseline count_threads(pid_t process);

// {policy, priority, cpus, lock_memory}
Json requested_json(const RealTimeConfig& loop);

// What a thread has counted since the baseline; nothing when there is no such thread.
std::optional<os::ThreadCounts> counts_since(const ThreadBaseline& baseline, pid_t process,
                                             pid_t thread);

// {pid, locked_kib, threads[]: {name, tid, requested, policy, priority, cpus, page_faults,
// involuntary_switches}}. `loop` is what was asked for the main thread, every other one is asked to
// stay out of the real-time classes; null: the threads choose for themselves, `requested` is null.
Json threads_json(pid_t process, const ThreadBaseline& baseline, const RealTimeConfig* loop);

}  // namespace takt::supervisor
