// The guard thread: no process of a graph outlives its supervisor, not even one that hangs.
#pragma once

namespace takt::loop {

// Starts a thread that watches the wire. When its other end is gone, the loop has read that itself
// and is driving its safe outputs; a process that is still there `kGraceAfterLoss` later is stuck
// in a step, and is ended. Called before the caller takes a real-time class, so that the guard
// stays an ordinary thread.
void start_guard(int wire_fd);

// The graph says `on_supervisor_loss: finish` or `continue`: the guard ends nothing from now on.
void outlive_supervisor();

}  // namespace takt::loop
