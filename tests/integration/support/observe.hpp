// What the kernel says of processes and of this machine's names: never takt's own word.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

namespace takt::test {

// One thread as the kernel runs it.
struct ThreadFacts {
  pid_t tid = 0;
  int policy = 0;  // SCHED_FIFO ...
  int priority = 0;
  std::vector<int> cpus;
};

// Running children, not zombies.
std::vector<pid_t> children_of(pid_t parent);
// The file name of its program; empty when it is gone.
std::string program_of(pid_t pid);
// The main thread first.
std::vector<ThreadFacts> threads_of(pid_t pid);
// A line of /proc/PID/status in KiB; 0 when there is none.
std::int64_t status_kib(pid_t pid, const std::string& key);
// Gone, or a zombie that its parent has not looked at.
bool is_gone(pid_t pid);

// Names that instances could leave behind: /dev/shm, iceoryx's in /tmp, sockets, mounts.
std::set<std::string> names_on_this_machine();

// The control sockets of an instance, as names of files.
std::vector<std::string> sockets_of(const std::string& instance);

// Waits until no process of `pids` is left; the time that took in seconds. -1 and a failure of the
// test at the watchdog.
double seconds_until_gone(const std::vector<pid_t>& pids);

}  // namespace takt::test
