// The transport between processes: Eclipse iceoryx shared memory.
//
// It is built for exactly iceoryx 2.0.3. Only processes that the supervisor started join it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <takt/port/port.hpp>

namespace takt::port {

// Registers this process with the RouDi that runs in its mount namespace. Called once a process,
// by the thread that will own every port, before that thread takes a real-time class: iceoryx
// starts a keep-alive thread that inherits it. Errors: no RouDi is listening.
//
// While a port is inside of iceoryx `inside` is 1, otherwise 0: the word lies in memory that the
// supervisor sees too, and lets it kill this process where nothing breaks (kill_outside). Null:
// nobody looks.
//
// iceoryx's own fatal errors (a broken segment) end the process with one line on standard error,
// and kTransportFailedStatus.
Result<std::unique_ptr<Participant>> join_iceoryx(const std::string& name,
                                                  std::atomic<std::uint32_t>* inside = nullptr);

}  // namespace takt::port
