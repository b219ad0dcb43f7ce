// Killing a participant where nothing breaks: outside of the transport.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include <takt/base/result.hpp>
#include <takt/os/process.hpp>

namespace takt::port {

enum class SafeKill {
  outside,  // It was stopped outside of the transport, then killed: nothing is left to repair.
  inside,   // It did not come out of the transport in time and was killed there: it must be healed.
  ended,    // It ended by itself.
};

// Kills `child`, which must be a child of the calling process, with SIGKILL: stops it, looks at
// `inside` (the word that it gave to join_iceoryx), lets it run on when that is 1, and tries again
// until `limit`. It leaves a zombie, or, starved by a process of a higher priority, a death that
// comes when that one lets go. Its ports are there until World::request_heal in every case.
//
// Thread safety: any thread. Real time: no; waits up to twice `limit`. Errors: no such child.
Result<SafeKill> kill_outside(const os::Child& child, const std::atomic<std::uint32_t>& inside,
                              std::chrono::milliseconds limit);

}  // namespace takt::port
