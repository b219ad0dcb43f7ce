// A mount namespace of one's own, in which a fixed name in /tmp or /dev/shm belongs to one
// instance.
//
// Thread safety: only while the process has a single thread: a namespace belongs to a thread, and
// the kernel refuses a user namespace to a process with several (EINVAL). Real time: no. Lifetime:
// until the last process that was started inside has ended; there is no way back out.
#pragma once

#include <takt/base/result.hpp>

namespace takt::os {

// Enters a mount namespace with an empty /dev/shm and a /tmp of its own in which everything that
// was there before stays visible and the same (bind mounts), except iceoryx's own names, `roudi*`
// and `iox-*`. What is made in /tmp afterwards is seen inside only, and so are later changes of the
// list of names outside. An entry that cannot be bound is left out; symbolic links are made anew.
// The working directory stays the same place, also below /tmp. An old entry of /tmp can be written
// but neither removed nor replaced inside (EBUSY): what is written by rename belongs into a folder.
//
// Without CAP_SYS_ADMIN, `use_user_namespace`: the process gets a user namespace in which it keeps
// its own user and group; capabilities there give no real-time rights, and other users' files
// belong to `nobody`. On failure some steps may have been taken: end the process.
Result<void> enter_private_world(bool use_user_namespace);

// Whether CAP_SYS_ADMIN is effective, so that no user namespace is needed.
bool can_enter_private_world();

}  // namespace takt::os
