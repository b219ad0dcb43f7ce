#include "runtime/loop/process/hog.hpp"

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>

#include <sys/prctl.h>

#include <takt/time/clock.hpp>

namespace takt::loop {

int run_hog(const char* nanoseconds) {
  std::int64_t time = 0;
  const char* const end = nanoseconds + std::strlen(nanoseconds);
  const auto [stop, problem] = std::from_chars(nanoseconds, end, time);
  if (problem != std::errc() || stop != end || time < 0) return 2;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  MonotonicClock clock;
  const auto until = clock.now() + std::chrono::nanoseconds(time);
  while (clock.now() < until) {
  }
  return 0;
}

}  // namespace takt::loop
