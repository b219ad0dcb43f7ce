#include "runtime/port/iceoryx/queue_spare.hpp"

#include "runtime/port/iceoryx/opened.hpp"

namespace takt::port {

void give_queue_its_spare([[maybe_unused]] iox::popo::BasePort& port) {
#if TAKT_CAN_HEAL
  using namespace opened;
  auto* const data = static_cast<iox::popo::SubscriberPortData*>(port.*member(PortDataOf{}));
  Queue* const queue = queue_of(data->m_chunkReceiverData);
  if (queue != nullptr) give_spare(*queue);
#endif
}

}  // namespace takt::port
