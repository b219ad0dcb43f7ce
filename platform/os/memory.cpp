#include <algorithm>
#include <cerrno>
#include <string>

#include <alloca.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <takt/base/text.hpp>
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

rusage usage_of_this_thread() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);  // Cannot fail: the arguments are right.
  return usage;
}

}  // namespace

Result<void> lock_memory() {
  if (::mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return {};
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
