#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <alloca.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/threads.hpp>

namespace takt::os {
namespace {

constexpr std::size_t kStackLeftAlone = std::size_t{64} << 10;

std::string present_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  return limit.rlim_cur == RLIM_INFINITY ? "unlimited" : format("{} KiB", limit.rlim_cur / 1024);
}

// How much stack lies below the present frame, without the part that is left alone.
std::size_t stack_left() {
  pthread_attr_t attributes;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return 0;
  void* lowest = nullptr;
  std::size_t size = 0;
  ::pthread_attr_getstack(&attributes, &lowest, &size);
  ::pthread_attr_destroy(&attributes);
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto bottom = reinterpret_cast<std::uintptr_t>(lowest) + kStackLeftAlone;
  return here > bottom ? here - bottom : 0;
}

// Memory that processes share, no file and above all no device's registers.
bool is_memory(const std::string& mapping) {
  constexpr std::array kPlaces{" /dev/shm/", " /memfd:", " /dev/zero", " /SYSV"};
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](const char* place) { return mapping.find(place) != std::string::npos; });
}

struct Range {
  std::uintptr_t begin = 0, end = 0;
};

// The shared memory that this process may write to, brought in for writing. What refuses that is
// left out: where a write would be a SIGBUS, and all of it before Linux 5.14.
std::vector<Range> populate_shared_memory() {
  std::vector<Range> populated;
#if defined(MADV_POPULATE_WRITE)
  const auto maps = read_file("/proc/self/maps");
  std::istringstream lines(maps ? *maps : std::string());
  for (std::string line; std::getline(lines, line);) {
    Range range;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%zx-%zx %4s", &range.begin, &range.end, rights) != 3) continue;
    if (rights[1] != 'w' || rights[3] != 's' || !is_memory(line)) continue;
    auto* const begin = reinterpret_cast<void*>(range.begin);
    if (::madvise(begin, range.end - range.begin, MADV_POPULATE_WRITE) != 0) continue;
    populated.push_back(range);
  }
#endif
  return populated;
}

// A processor that cannot mark a page as written by itself (ARM before v8.1) faults at the first
// write to each that was there for reading only, although it may write. So every page is written
// to, in one indivisible step that changes nothing.
void write_to(const std::vector<Range>& memory) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (const Range& range : memory) {
    for (std::uintptr_t at = range.begin; at < range.end; at += page) {
      std::atomic_ref(*reinterpret_cast<unsigned char*>(at)).fetch_or(0, std::memory_order_relaxed);
    }
  }
}

rusage usage_of_this_thread() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);  // Cannot fail: the arguments are right.
  return usage;
}

}  // namespace

Result<void> lock_memory() {
  // Before the lock, which would bring it in for reading: one fault a page, not two.
  const std::vector<Range> shared = populate_shared_memory();
  if (::mlockall(MCL_CURRENT | MCL_FUTURE) == 0) {
    write_to(shared);
    return {};
  }
  return system_error(
      "lock memory", errno,
      format("the limit RLIMIT_MEMLOCK is {}; page faults will break deadlines", present_limit()),
      "set `LimitMEMLOCK=infinity` in the systemd unit, or a line `USER - memlock "
      "unlimited` in /etc/security/limits.d/takt.conf and log in again, or `setcap "
      "cap_sys_nice,cap_ipc_lock+ep` the program");
}

bool memory_is_locked() { return locked_kib(::getpid()) > 0; }

__attribute__((noinline)) void prefault_stack(std::size_t bytes) {
  const std::size_t size = std::min(bytes, stack_left());
  if (size == 0) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  auto* const lowest = static_cast<volatile std::byte*>(alloca(size));
  // From the top down, as a stack grows.
  for (std::size_t offset = size; offset > 0; offset -= std::min(offset, page)) {
    lowest[offset - 1] = std::byte{0};
  }
  lowest[0] = std::byte{0};
}

PageFaults page_faults() noexcept {
  const rusage usage = usage_of_this_thread();
  return {.minor = usage.ru_minflt, .major = usage.ru_majflt};
}

std::int64_t involuntary_switches() noexcept { return usage_of_this_thread().ru_nivcsw; }

}  // namespace takt::os
