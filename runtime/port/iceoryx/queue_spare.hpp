// One index more than a queue's capacity, so that no writer waits for a reader.
//
// iceoryx 2.0.3's queue takes an index off one list and puts it back on another. A reader that is
// preempted in between leaves a full queue that never counts as full: its writer looks for a free
// index and for a sample to evict, finds neither, and tries again - for ever, when it has the
// higher priority on the reader's CPU. With one index to spare there is always one or the other.
#pragma once

#include <cstdint>

namespace iox::popo {
class BasePort;
}

namespace takt::port {

// Indices in circulation beyond the capacity that iceoryx was asked for.
inline constexpr std::uint32_t kQueueSpare = 1;

// Gives the queue of a new subscriber its spare, once. A build that does not know this iceoryx does
// nothing.
void give_queue_its_spare(iox::popo::BasePort& port);

}  // namespace takt::port
