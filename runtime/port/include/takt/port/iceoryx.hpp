// The transport between processes: Eclipse iceoryx shared memory.
//
// It is built for exactly iceoryx 2.0.3. Only processes that the supervisor started join it.
#pragma once

#include <memory>
#include <string>

#include <takt/port/port.hpp>

namespace takt::port {

// Registers this process with the RouDi that runs in its mount namespace. Called once a process,
// by the thread that will own every port, before that thread takes a real-time class: iceoryx
// starts a keep-alive thread that inherits it. Errors: no RouDi is listening.
//
// iceoryx's own fatal errors (a broken segment) end the process with one line on standard error.
Result<std::unique_ptr<Participant>> join_iceoryx(const std::string& name);

}  // namespace takt::port
