// Signals as something that is read, not as something that interrupts.
//
// Thread safety: masks are the calling thread's own, and threads inherit them;
// `ignore_broken_pipes` acts on the process. Real time: no, except `read_signal`, one system call.
// Lifetime: a mask holds until the thread ends; a spawned child starts with an empty one.
#pragma once

#include <optional>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Blocks every signal in the calling thread but the faults that it may cause itself (SIGSEGV,
// SIGBUS, SIGFPE, SIGILL, SIGABRT): a helper thread that must not take signals meant for the main
// thread.
void block_all_signals();

// Blocks `signals` in the calling thread and returns a descriptor that becomes readable when one of
// them is pending. Call it before any other thread is made, so that all of them have it blocked.
Result<UniqueFd> signal_fd(const std::vector<int>& signals);

// The next pending signal of `fd`, from signal_fd; nothing when there is none. Never waits.
std::optional<int> read_signal(int fd);

// Writing to a closed pipe becomes an EPIPE, in the whole process, instead of its end.
void ignore_broken_pipes();

}  // namespace takt::os
