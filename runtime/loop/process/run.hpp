// The life of one node's process, from its launch message to its last sample.
#pragma once

namespace takt::loop {

// Returns the exit status: 0 when the node ended well or was told to stop, 1 otherwise. Everything
// it has to say goes over the wire.
int run_node_process();

}  // namespace takt::loop
