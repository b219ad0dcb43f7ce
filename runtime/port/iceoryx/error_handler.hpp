// iceoryx's own errors: what is fatal ends the process with one line, the rest is silent.
#pragma once

namespace takt::port {

// Replaces iceoryx's handler, which prints and asserts, for the life of the process, and turns its
// log off. `who` names this process in the line.
void take_over_iceoryx_errors(const char* who);

}  // namespace takt::port
