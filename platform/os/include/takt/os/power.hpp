// What keeps the machine ready: its processors awake, takt alive when memory runs out.
#pragma once

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Keeps every processor out of sleep states that take time to leave, for as long as the descriptor
// is open (the kernel's PM QoS request of 0 us on /dev/cpu_dma_latency). Costs power. Errors: the
// file belongs to root; not every kernel has it.
Result<UniqueFd> hold_processors_awake();

// How readily the kernel ends this process, and what it starts from now on, when memory runs out:
// -1000 (never) to 1000. Less than now needs CAP_SYS_RESOURCE.
Result<void> set_oom_score(int score);

}  // namespace takt::os
