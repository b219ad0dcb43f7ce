// The last will: a device is driven to its safe value after the node that owned it has died.
#pragma once

namespace takt::loop {

// `takt-node --safe-only`: started with the launch message of the dead node (kLaunchFd), and the
// wire to the supervisor (kWireFd) if it is to hear a reason. It joins no transport and takes no
// real-time class: it makes the node, configures it, which opens the device, drives the safe value
// and leaves. Run from scratch, so that nothing of what the dead process was in the middle of is
// trusted.
//
// Returns the exit status: 0 when the device has taken its safe value; 1 otherwise, with the reason
// on stderr and over the wire. It may hang where the device's driver does: whoever starts it sets
// it a time limit.
int drive_safe_only();

}  // namespace takt::loop
