// Preloaded into `takt run`: moves its CLOCK_BOOTTIME ahead by the nanoseconds that stand in the
// file $TAKT_TEST_BOOTTIME, as a suspend of the machine does. No machine that runs the suite can be
// suspended.
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

using ReadClock = int (*)(clockid_t, timespec*);

int open_file() {
  const char* const path = std::getenv("TAKT_TEST_BOOTTIME");
  return path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
}
// Once, when the program begins: later it may not see the folder any more.
const int file = open_file();

std::int64_t ahead_ns() {
  char text[32] = {};
  const ssize_t n = ::pread(file, text, sizeof text - 1, 0);
  return n > 0 ? std::strtoll(text, nullptr, 10) : 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int clock_gettime(clockid_t clock,
                                                                    timespec* now) noexcept {
  static const auto real = reinterpret_cast<ReadClock>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, now);
  if (clock != CLOCK_BOOTTIME || result != 0) return result;
  const std::int64_t sum = now->tv_nsec + ahead_ns();
  now->tv_sec += static_cast<time_t>(sum / 1'000'000'000);
  now->tv_nsec = static_cast<decltype(now->tv_nsec)>(sum % 1'000'000'000);
  return result;
}
