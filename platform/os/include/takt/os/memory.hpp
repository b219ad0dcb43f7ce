// Memory that does not fault in a cycle, and the counters that show whether it did.
//
// Thread safety: every function may be called from any thread; the counters are the caller's own.
// Real time: the counters cost one system call each; the others belong before the loop.
// Lifetime: nothing is held; locked memory stays locked until the process ends or executes.
#pragma once

#include <cstddef>
#include <cstdint>

#include <takt/base/result.hpp>

namespace takt::os {

// Locks everything that is mapped now or later into memory. A refusal names the present limit. What
// is mapped now can also be written without a fault; shared memory that is mapped later may fault
// once a page.
Result<void> lock_memory();

// Read back from /proc/self/status: whether this process has any locked memory (VmLck above 0).
// It does not say that all of it is: the kernel has no such figure, and pages of devices (VM_IO)
// are never locked. After `lock_memory` succeeded, true means that the lock still stands.
bool memory_is_locked();

// Touches `bytes` of the caller's stack below the present frame, so that they are there when the
// loop needs them. Never more than the stack has: the last 64 KiB are left alone.
void prefault_stack(std::size_t bytes);

// The page faults of the calling thread since it began: minor ones needed no disk.
struct PageFaults {
  std::int64_t minor = 0;
  std::int64_t major = 0;
  friend bool operator==(const PageFaults&, const PageFaults&) = default;
};
PageFaults page_faults() noexcept;

// How often the calling thread was taken off its processor although it could have run on.
std::int64_t involuntary_switches() noexcept;

}  // namespace takt::os
