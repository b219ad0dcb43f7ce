#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/scheduling.hpp>

namespace takt::os {
namespace {

constexpr std::size_t kCpusMax = 8192;  // The largest NR_CPUS of a Linux kernel.

struct FreeCpuSet {
  void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
};

// A set of processors as large as the machine needs; cpu_set_t itself ends at 1024.
struct CpuSet {
  explicit CpuSet(std::size_t cpus) : bytes(CPU_ALLOC_SIZE(cpus)), set(CPU_ALLOC(cpus)) {
    TAKT_ASSERT(set != nullptr);
    CPU_ZERO_S(bytes, set.get());
  }
  std::size_t bytes;
  std::unique_ptr<cpu_set_t, FreeCpuSet> set;
};

std::string whose(pid_t tid) { return tid == 0 ? "this thread" : format("thread {}", tid); }

std::string as_text(const std::vector<int>& cpus) { return format("{}", fmt::join(cpus, ",")); }

Error policy_refused(pid_t tid, SchedulingClass policy, int priority, int errno_value) {
  const std::string what =
      format("give {} class {} priority {}", whose(tid), to_text(policy), priority);
  if (errno_value == ESRCH) return system_error(what, errno_value, "the thread has ended", "");
  if (errno_value == EPERM && ::geteuid() == 0) {
    return system_error(what, errno_value, "other load will delay its cycles",
                        "this container or cgroup forbids it: add the capability CAP_SYS_NICE "
                        "(docker run --cap-add "
                        "SYS_NICE --ulimit rtprio=99), or give the cpu cgroup a cpu.rt_runtime_us");
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_RTPRIO, &limit);
  return system_error(
      what, errno_value,
      format("the limit RLIMIT_RTPRIO is {}; other load will delay its cycles", limit.rlim_cur),
      format("`setcap cap_sys_nice,cap_ipc_lock+ep` the program, or a line `USER - rtprio {}` in "
             "/etc/security/limits.d/takt.conf and log in again, or `LimitRTPRIO={}` in the "
             "systemd unit",
             priority, priority));
}

// The processors of the set, or the errno.
Result<std::vector<int>, int> read_affinity(pid_t tid) {
  for (std::size_t size = 1024; size <= 8 * kCpusMax; size *= 2) {
    const CpuSet cpus(size);
    if (::sched_getaffinity(tid, cpus.bytes, cpus.set.get()) != 0) {
      if (errno == EINVAL) continue;  // The kernel has room for more processors than the set.
      return errno;
    }
    std::vector<int> found;
    for (std::size_t cpu = 0; cpu < size; ++cpu) {
      if (CPU_ISSET_S(cpu, cpus.bytes, cpus.set.get())) found.push_back(static_cast<int>(cpu));
    }
    return found;
  }
  return EINVAL;
}

}  // namespace

std::string_view to_text(SchedulingClass policy) {
  switch (policy) {
    case SchedulingClass::fifo:
      return "fifo";
    case SchedulingClass::round_robin:
      return "round_robin";
    case SchedulingClass::other:
      break;
  }
  return "other";
}

Result<void> set_policy(pid_t tid, SchedulingClass policy, int priority) {
  const int number = policy == SchedulingClass::fifo          ? SCHED_FIFO
                     : policy == SchedulingClass::round_robin ? SCHED_RR
                                                              : SCHED_OTHER;
  const int low = ::sched_get_priority_min(number);
  const int high = ::sched_get_priority_max(number);
  if (priority < low || priority > high) {
    return fail(format("cannot give {} class {} priority {}: it has priorities {} to {}",
                       whose(tid), to_text(policy), priority, low, high),
                "choose a priority of that range");
  }
  const sched_param parameters{.sched_priority = priority};
  if (::sched_setscheduler(tid, number, &parameters) == 0) return {};
  return policy_refused(tid, policy, priority, errno);
}

Result<void> set_affinity(pid_t tid, const std::vector<int>& cpus) {
  std::vector<int> wanted = cpus;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const std::string what = format("bind {} to cpus {}", whose(tid), as_text(wanted));
  if (wanted.empty())
    return fail(format("cannot bind {} to no cpu", whose(tid)), "name at least one");
  if (wanted.front() < 0 || std::cmp_greater_equal(wanted.back(), kCpusMax)) {
    return fail(format("cannot {}: cpus are numbered 0 to {}", what, kCpusMax - 1), "");
  }
  const std::string fix = format(
      "choose from {} (`grep Cpus_allowed_list /proc/self/status`), or widen the cpuset "
      "(`AllowedCPUs=` of the systemd slice, `docker run --cpuset-cpus`)",
      as_text(allowed_cpus()));

  const CpuSet set(static_cast<std::size_t>(wanted.back()) + 1);
  for (const int cpu : wanted) {
    CPU_SET_S(static_cast<std::size_t>(cpu), set.bytes, set.set.get());
  }
  if (::sched_setaffinity(tid, set.bytes, set.set.get()) != 0) {
    const int refusal = errno;
    if (refusal == ESRCH) return system_error(what, refusal, "the thread has ended", "");
    if (refusal == EPERM) {
      return system_error(what, refusal, "the thread belongs to another user",
                          "`setcap cap_sys_nice+ep` the program");
    }
    return system_error(what, refusal, "none of them is online and allowed here", fix);
  }
  const auto held = read_affinity(tid);
  if (!held) return system_error(what, held.error(), "what holds could not be read back", "");
  if (*held != wanted) {
    return fail(format("cannot {}: the kernel gave {} only", what, as_text(*held)), fix);
  }
  return {};
}

Result<Schedule> read_schedule(pid_t tid) {
  const std::string what = format("read the scheduling of {}", whose(tid));
  Schedule schedule;
  const int number = ::sched_getscheduler(tid);
  sched_param parameters{};
  if (number < 0 || ::sched_getparam(tid, &parameters) != 0) {
    return system_error(what, errno, errno == ESRCH ? "the thread has ended" : "", "");
  }
  switch (number & ~SCHED_RESET_ON_FORK) {
    case SCHED_FIFO:
      schedule.policy = SchedulingClass::fifo;
      break;
    case SCHED_RR:
      schedule.policy = SchedulingClass::round_robin;
      break;
    case SCHED_OTHER:
    case SCHED_BATCH:
    case SCHED_IDLE:
      break;
    default:
      return fail(format("cannot {}: it has class {}, which takt does not use", what, number),
                  format("`chrt --other --pid 0 {}`", tid));
  }
  schedule.priority = parameters.sched_priority;
  auto cpus = read_affinity(tid);
  if (!cpus) return system_error(what, cpus.error(), "", "");
  schedule.cpus = std::move(*cpus);
  return schedule;
}

std::vector<int> allowed_cpus() {
  auto cpus = read_affinity(::getpid());
  return cpus ? std::move(*cpus) : std::vector<int>{};
}

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> threads;
  DIR* const folder = ::opendir(format("/proc/{}/task", pid).c_str());
  if (folder == nullptr) return threads;
  while (const dirent* const entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    pid_t tid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), tid);
    if (parsed.ec == std::errc{} && parsed.ptr == name.data() + name.size()) threads.push_back(tid);
  }
  ::closedir(folder);
  std::sort(threads.begin(), threads.end());
  return threads;
}

}  // namespace takt::os
