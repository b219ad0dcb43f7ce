// iceoryx's own errors: what is fatal ends the process with one line, the rest is silent.
#pragma once

#include <cstdint>

namespace takt::port {

// Replaces iceoryx's handler, which prints and asserts, for the life of the process, and turns its
// log off. `who` names this process in the line.
void take_over_iceoryx_errors(const char* who);

// Frees of a chunk that was free, which iceoryx noticed in this process since then. In a node such
// a free ends the process (kTransportFailedStatus); the one that embeds RouDi must live to stop the
// graph, and iceoryx itself leaves the chunk alone.
std::uint32_t double_frees();
void survive_double_frees();

}  // namespace takt::port
