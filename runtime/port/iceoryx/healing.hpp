// Repairs what a dead process left in shared memory, and counts what it took along.
//
// The file pair leans on internals of iceoryx 2.0.3 and of glibc's mutex (opened.hpp). Proved by
// tests/crash_points, which kills at every instruction of a publish and of a take. What a death
// leaves, and the cure:
//
// - A port's lock is held: freed. iceoryx's locks are not robust; their owner is a thread id, and
//   only main threads touch ports, so the owner is the dead pid. Dying between the two words of the
//   lock leaves it taken without an owner: taken for dead when it stays so.
// - A lock is free but its waiters sleep: the process died between freeing and waking. All are
// woken.
// - An index of a queue is missing: then the queue never counts as full and its writer spins. A
//   spare index takes its place: every queue has 256 and uses `depth` of them.
// - The write position of an index queue lags one behind its cell: moved on.
// - References to a chunk are lost with the process: the chunk stays in use for ever. Counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "iceoryx_posh/iceoryx_posh_types.hpp"

namespace iox::roudi {
class PortPool;
}
namespace iox::mepoo {
class MemoryManager;
}

namespace takt::port {

// The result of the first step: nobody waits any more for the dead process.
struct Unblocked {
  std::uint32_t locks_freed = 0;
  std::uint32_t indices_replaced = 0;
  const char* failure = nullptr;  // Why that is not so.
};

struct Leaks {
  std::uint32_t lost = 0;  // Found by this count for the first time.
  std::uint32_t lost_ever = 0;
  const char* failure = nullptr;  // What is wrong with the chunks as a whole.
};

// The repair of one world.
//
// Thread safety: `unblock` by one thread, the rest by one other; participants go on meanwhile.
// Real time: `unblock` allocates nothing and waits for no lock; it sleeps in steps of tens of
// microseconds while a doubt lasts. Lifetime: not beyond the world's memory.
class Healing {
 public:
  // `spare`: chunks of each pool that may be lost.
  Healing(iox::roudi::PortPool& ports, iox::mepoo::MemoryManager& memory,
          std::vector<std::uint32_t> spare);

  static bool possible();

  // Frees what `pid` held and fills up the queues that it touched.
  Unblocked unblock(const iox::RuntimeName_t& name, pid_t pid, std::chrono::nanoseconds deadline);

  // What is still there of a participant that was removed; null when nothing is.
  const char* find_remains(const iox::RuntimeName_t& name, pid_t pid);

  // Counts the chunks that are in use and that nobody can reach.
  Leaks count_leaks();

  // Frees every lock that no thread of this process holds, whoever held it: every participant has
  // ended, and RouDi's threads may wait for them.
  void unblock_all();

 private:
  struct Census;
  struct Verdict;
  iox::roudi::PortPool& ports_;
  iox::mepoo::MemoryManager& memory_;
  std::vector<std::uint32_t> spare_;
  std::vector<std::vector<bool>> known_;  // By pool and chunk: lost before.
};

}  // namespace takt::port
