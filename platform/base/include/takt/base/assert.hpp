// Assertions against our own bugs, on in every build. Never for the data of a user, a bus or a
// sensor.
#pragma once

namespace takt::base {

// Writes one line to the standard error without allocating and aborts the process; the supervisor
// takes the graph to its safe state.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace takt::base

#define TAKT_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) \
               : ::takt::base::assertion_failed(#condition, __FILE__, __LINE__))
