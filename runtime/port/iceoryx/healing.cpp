#include "runtime/port/iceoryx/healing.hpp"

#include "runtime/port/iceoryx/opened.hpp"
#include "runtime/port/iceoryx/queue_spare.hpp"

#if TAKT_CAN_HEAL
#include <climits>
#include <cstdlib>
#include <optional>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <takt/os/scheduling.hpp>
#include <takt/time/clock.hpp>

#include "iceoryx_posh/roudi/port_pool.hpp"

namespace takt::port {
namespace {

using namespace opened;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Between two looks at something that a live process may be changing: it must be able to run.
constexpr microseconds kLook{20};
// A live locker passes from the lock word to its owner in nanoseconds, a live reader from one
// index queue to the next in tens; both may be preempted there. What stays longer is the dead's.
// An error on the safe side costs one spare index; that of a lock is why RouDi's threads are
// raised.
constexpr milliseconds kOwnerless{5};
constexpr milliseconds kIndexMissing{2};
// One index in the hand of the dead process, one in that of the other end, if it stands still.
constexpr std::int64_t kMissingMax = 2;

std::int32_t load(const int& word) { return __atomic_load_n(&word, __ATOMIC_SEQ_CST); }

void wait(nanoseconds time) {
  MonotonicClock clock;
  clock.wait_until(clock.now() + time);
}

// Whoever sleeps on the lock looks at it again. One wake-up may have gone to the dead process, or
// may never have been sent by it.
void wake_all(pthread_mutex_t& mutex) {
  ::syscall(SYS_futex, &mutex.__data.__lock, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// `__nusers` too: iceoryx ends the process when destroying the mutex finds it in use.
void free_lock(pthread_mutex_t& mutex) {
  mutex.__data.__count = 0;
  mutex.__data.__owner = 0;
  mutex.__data.__nusers = 0;
  __atomic_exchange_n(&mutex.__data.__lock, 0, __ATOMIC_SEQ_CST);
  wake_all(mutex);
}

bool held_by(const pthread_mutex_t& mutex, pid_t pid) {
  MonotonicClock clock;
  const nanoseconds until = clock.now() + kOwnerless;
  while (load(mutex.__data.__lock) != 0) {
    const pid_t owner = load(mutex.__data.__owner);
    if (owner != 0) return owner == pid;
    if (clock.now() >= until) return true;
    wait(kLook);
  }
  return false;
}

// Holds a writer's lock, or takes it over from the dead, so that RouDi does not change the list of
// its queues while they are repaired.
class SenderLock {
 public:
  SenderLock(Sender& sender, pid_t pid, nanoseconds deadline) : sender_(sender) {
    MonotonicClock clock;
    do {
      inherited_ = held_by(mutex_of(sender), pid);
      locked_ = inherited_ || sender.tryLock();
      if (!locked_) wait(kLook);
    } while (!locked_ && clock.now() < deadline);
  }
  ~SenderLock() {
    if (inherited_) free_lock(mutex_of(sender_));
    if (locked_ && !inherited_) sender_.unlock();
    wake_all(mutex_of(sender_));
  }
  SenderLock(const SenderLock&) = delete;
  SenderLock& operator=(const SenderLock&) = delete;
  bool locked() const { return locked_; }
  bool inherited() const { return inherited_; }

 private:
  Sender& sender_;
  bool inherited_ = false;
  bool locked_ = false;
};

std::atomic<Position>& read_position(Indices& queue) { return queue.*member(ReadPosition{}); }
std::atomic<Position>& write_position(Indices& queue) { return queue.*member(WritePosition{}); }

// Completes a push that wrote its cell but not the position: whoever asks for the size reads that.
void advance(Indices& queue) {
  for (std::uint64_t i = 0; i < kQueueMax; ++i) {
    Position position = write_position(queue).load();
    const Position cell = (queue.*member(Cells{}))[position.getIndex()].load();
    if (cell.getCycle() != position.getCycle()) return;
    write_position(queue).compare_exchange_strong(position, position + 1U);
  }
}

std::int64_t size_of(Indices& queue) {
  return write_position(queue).load() - read_position(queue).load();
}

// Indices that are in neither of the two index queues, at one instant; nothing while they move.
std::optional<std::int64_t> missing_from(Queue& queue) {
  Indices& used = base_of(queue).*member(UsedIndices{});
  Indices& free = base_of(queue).*member(FreeIndices{});
  advance(used);
  advance(free);
  const std::uint64_t read = read_position(used).load().getValue();
  const std::uint64_t written = write_position(used).load().getValue();
  const std::int64_t in_free = size_of(free);
  if (read != read_position(used).load().getValue()) return std::nullopt;
  if (written != write_position(used).load().getValue()) return std::nullopt;
  return static_cast<std::int64_t>(queue.capacity() + kQueueSpare) - in_free -
         static_cast<std::int64_t>(written - read);
}

// A queue whose reader lives: exactly what is missing is replaced. One too many would do no harm,
// the queue then holds one sample more; one too few makes its next writer spin.
const char* fill_up(Queue& queue, std::uint32_t& replaced) {
  MonotonicClock clock;
  const nanoseconds until = clock.now() + kIndexMissing;
  std::optional<std::int64_t> missing = missing_from(queue);
  while (!missing || *missing > 0) {
    if (missing && clock.now() >= until) break;
    wait(kLook);
    missing = missing_from(queue);
  }
  if (*missing > kMissingMax) return "a queue has lost more indices than two processes can hold";
  for (std::int64_t i = 0; i < *missing; ++i, ++replaced) {
    if (!give_spare(queue)) return "a queue has no spare index left";
  }
  return nullptr;
}

// The queue of the dead reader itself is taken down soon; until then its writer must not spin on
// it. With a spare index and the capacity of one there is always something to evict or to fill.
void let_writer_through(Queue& queue) {
  give_spare(queue);
  (queue.*member(Capacity{})).store(1);
}

const char* repair_queues_of(Sender& sender, pid_t pid, Unblocked& done) {
  // Histories are off in takt; one that was torn could free a chunk twice.
  if (!sender.m_history.empty()) return "a topic of the dead process has a history";
  for (const auto& entry : sender.m_queues) {
    ChunkQueue& data = *entry.get();
    Queue* queue = queue_of(data);
    if (queue == nullptr) return "a queue is of a kind that cannot be repaired";
    if (const char* failure = fill_up(*queue, done.indices_replaced)) return failure;
    if (held_by(mutex_of(data), pid)) {
      free_lock(mutex_of(data));
      ++done.locks_freed;
    }
    wake_all(mutex_of(data));
  }
  return nullptr;
}

}  // namespace

Healing::Healing(iox::roudi::PortPool& ports, iox::mepoo::MemoryManager& memory,
                 std::vector<std::uint32_t> spare)
    : ports_(ports), memory_(memory), spare_(std::move(spare)) {
  for (const Pool& pool : memory_.*member(Pools{})) known_.emplace_back(pool.getChunkCount());
}

bool Healing::possible() { return true; }

Unblocked Healing::unblock(const iox::RuntimeName_t& name, pid_t pid, nanoseconds deadline) {
  Unblocked done;
  // Readers first: a writer that spins may hold the processor.
  for (auto* port : ports_.getSubscriberPortDataList()) {
    if (port->m_runtimeName != name) continue;
    if (Queue* queue = queue_of(port->m_chunkReceiverData)) let_writer_through(*queue);
  }
  for (auto* port : ports_.getPublisherPortDataList()) {
    if (port->m_runtimeName != name) continue;
    const SenderLock lock(port->m_chunkSenderData, pid, deadline);
    if (!lock.locked()) {
      done.failure = "a lock of the dead process's port is held and does not come free";
      return done;
    }
    if (lock.inherited()) ++done.locks_freed;
    if (const char* failure = repair_queues_of(port->m_chunkSenderData, pid, done)) {
      done.failure = failure;
    }
  }
  return done;
}

const char* Healing::find_remains(const iox::RuntimeName_t& name, pid_t pid) {
  for (auto* port : ports_.getPublisherPortDataList()) {
    if (port->m_runtimeName == name) return "a writing port of the dead process is still there";
    if (load(mutex_of(port->m_chunkSenderData).__data.__owner) == pid) {
      return "a writer's lock still belongs to the dead process";
    }
  }
  for (auto* port : ports_.getSubscriberPortDataList()) {
    if (port->m_runtimeName == name) return "a reading port of the dead process is still there";
    if (load(mutex_of(port->m_chunkReceiverData).__data.__owner) == pid) {
      return "a reader's lock still belongs to the dead process";
    }
  }
  return nullptr;
}

void Healing::unblock_all() {
  const std::vector<pid_t> own = os::threads_of(::getpid());
  const auto release = [&own](pthread_mutex_t& mutex) {
    const pid_t owner = load(mutex.__data.__owner);
    for (const pid_t thread : own) {
      if (thread == owner) return;
    }
    if (load(mutex.__data.__lock) != 0 && held_by(mutex, owner)) free_lock(mutex);
    wake_all(mutex);
  };
  for (auto* port : ports_.getSubscriberPortDataList()) {
    if (Queue* queue = queue_of(port->m_chunkReceiverData)) let_writer_through(*queue);
    release(mutex_of(port->m_chunkReceiverData));
  }
  for (auto* port : ports_.getPublisherPortDataList()) release(mutex_of(port->m_chunkSenderData));
}

}  // namespace takt::port

#else   // TAKT_CAN_HEAL

namespace takt::port {

// Without knowledge of the internals nothing is repaired; nobody asks for it (World::can_heal).
Healing::Healing(iox::roudi::PortPool& ports, iox::mepoo::MemoryManager& memory,
                 std::vector<std::uint32_t> spare)
    : ports_(ports), memory_(memory), spare_(std::move(spare)) {}
bool Healing::possible() { return false; }
Unblocked Healing::unblock(const iox::RuntimeName_t&, pid_t, std::chrono::nanoseconds) {
  return {0, 0, "this build does not know how to repair this version of iceoryx"};
}
const char* Healing::find_remains(const iox::RuntimeName_t&, pid_t) { return nullptr; }
Leaks Healing::count_leaks() { return {}; }
void Healing::unblock_all() {}

}  // namespace takt::port
#endif  // TAKT_CAN_HEAL
