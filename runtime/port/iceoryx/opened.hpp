// Private members of iceoryx 2.0.3 that healing needs, and the layout of glibc's mutex: nowhere
// else.
//
// iceoryx offers no repair, so healing reads and writes what its classes keep to themselves. The
// names below are found by the compiler, so another layout under the same names still works;
// another version may give the same names another meaning and is therefore refused (TAKT_CAN_HEAL).
#pragma once

#include <features.h>

#include "iceoryx_versions.hpp"

// Exactly the version whose every line was read and whose every instruction was tried.
#if ICEORYX_VERSION_MAJOR == 2 && ICEORYX_VERSION_MINOR == 0 && ICEORYX_VERSION_PATCH == 3 && \
    defined(__GLIBC__) && defined(__linux__) && !defined(TAKT_HEAL_WITHOUT_INTERNALS)
#define TAKT_CAN_HEAL 1
#else
#define TAKT_CAN_HEAL 0
#endif

#if TAKT_CAN_HEAL
#include <atomic>
#include <cstdint>

#include <pthread.h>

#include "iceoryx_posh/internal/mepoo/memory_manager.hpp"
#include "iceoryx_posh/internal/popo/building_blocks/locking_policy.hpp"
#include "iceoryx_posh/internal/popo/ports/base_port.hpp"
#include "iceoryx_posh/internal/popo/ports/publisher_port_data.hpp"
#include "iceoryx_posh/internal/popo/ports/subscriber_port_data.hpp"

namespace takt::port::opened {

// Opens a private member: explicit instantiation may name what is private (C++20 [temp.spec]), and
// hands the pointer out through a function that argument-dependent lookup finds.
template <typename Name, auto kMember>
struct Door {
  friend constexpr auto member(Name) { return kMember; }
};
#define TAKT_OPEN(name, owner, field)   \
  struct name {                         \
    friend constexpr auto member(name); \
  };                                    \
  template struct Door<name, &owner::field>

constexpr std::uint64_t kQueueMax = iox::MAX_SUBSCRIBER_QUEUE_CAPACITY;
using Sender = iox::popo::PublisherPortData::ChunkSenderData_t;
using Receiver = iox::popo::SubscriberPortData::ChunkReceiverData_t;
using ChunkQueue = iox::popo::SubscriberPortData::ChunkQueueData_t;
using Chunk = iox::mepoo::ShmSafeUnmanagedChunk;
using Queue = iox::concurrent::ResizeableLockFreeQueue<Chunk, kQueueMax>;
using QueueBase = iox::concurrent::LockFreeQueue<Chunk, kQueueMax>;
using Indices = iox::concurrent::IndexQueue<kQueueMax>;
using Position = iox::concurrent::CyclicIndex<kQueueMax>;

TAKT_OPEN(PortDataOf, iox::popo::BasePort, m_basePortDataPtr);
TAKT_OPEN(FreeIndices, QueueBase, m_freeIndices);
TAKT_OPEN(UsedIndices, QueueBase, m_usedIndices);
TAKT_OPEN(QueueBuffer, QueueBase, m_buffer);
TAKT_OPEN(Capacity, Queue, m_capacity);
TAKT_OPEN(UnusedIndices, Queue, m_unusedIndices);
TAKT_OPEN(Cells, Indices, m_cells);
TAKT_OPEN(ReadPosition, Indices, m_readPosition);
TAKT_OPEN(WritePosition, Indices, m_writePosition);

using SenderList = decltype(Sender::m_chunksInUse);
using ReceiverList = decltype(Receiver::m_chunksInUse);
TAKT_OPEN(SenderListData, SenderList, m_listData);
TAKT_OPEN(ReceiverListData, ReceiverList, m_listData);

using Pool = iox::mepoo::MemPool;
using FreeList = iox::concurrent::LoFFLi;
TAKT_OPEN(Pools, iox::mepoo::MemoryManager, m_memPoolVector);
TAKT_OPEN(ManagementPool, iox::mepoo::MemoryManager, m_chunkManagementPool);
TAKT_OPEN(PoolMemory, Pool, m_rawMemory);
TAKT_OPEN(PoolFree, Pool, m_freeIndices);
TAKT_OPEN(FreeHead, FreeList, m_head);
TAKT_OPEN(FreeNext, FreeList, m_nextFreeIndex);
#undef TAKT_OPEN

// ThreadSafePolicy holds one iox::posix::mutex, which holds one pthread_mutex_t.
static_assert(sizeof(iox::popo::ThreadSafePolicy) == sizeof(pthread_mutex_t));
static_assert(sizeof(Chunk) == 8 && sizeof(Position) == 8);
static_assert(sizeof(std::atomic<Position>) == 8 && std::atomic<Position>::is_always_lock_free);

inline pthread_mutex_t& mutex_of(const iox::popo::ThreadSafePolicy& policy) {
  // NOLINTNEXTLINE(misc-non-copyable-objects): a reference copies nothing.
  return *reinterpret_cast<pthread_mutex_t*>(const_cast<iox::popo::ThreadSafePolicy*>(&policy));
}

// The queue of a subscriber; null for the kinds that iceoryx does not use here.
inline Queue* queue_of(ChunkQueue& data) {
  constexpr auto kKind =
      static_cast<std::uint64_t>(iox::cxx::VariantQueueTypes::FiFo_MultiProducerSingleConsumer);
  return data.m_queue.getUnderlyingFiFo().template get_at_index<kKind>();
}
// Only this cast reaches a protected base.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
inline QueueBase& base_of(Queue& queue) { return (QueueBase&)queue; }
#pragma GCC diagnostic pop

// Puts one index more into circulation; false when all 256 are. No thread but the caller may do so
// with this queue, everything else may go on.
inline bool give_spare(Queue& queue) {
  auto& spare = queue.*member(UnusedIndices{});
  if (spare.empty()) return false;
  (base_of(queue).*member(FreeIndices{})).push(spare.back());
  spare.pop_back();
  return true;
}

}  // namespace takt::port::opened
#endif  // TAKT_CAN_HEAL
