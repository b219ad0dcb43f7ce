// Which chunks are in use, and who can still reach them.
#include "runtime/port/iceoryx/healing.hpp"
#include "runtime/port/iceoryx/opened.hpp"

#if TAKT_CAN_HEAL
#include <algorithm>

#include <takt/time/clock.hpp>

#include "iceoryx_posh/roudi/port_pool.hpp"

namespace takt::port {
namespace {

using namespace opened;

// A chunk on its way between two places of a live process is in neither for some nanoseconds, or
// as long as that process is preempted: what is lost is lost in every look. More looks where the
// answer would be worse than a death can explain; an error in it is mended by the next count.
constexpr int kLooksMax = 12;
constexpr int kLooksInDoubtMax = 400;
// The sample on its way and the one evicted for it, of this death and of the one before, whose
// chunks living readers may have held until now.
constexpr std::uint32_t kLostByTwoMax = 4;
constexpr std::chrono::microseconds kBetweenLooks{100};
constexpr int kWalksMax = 64;
// Management chunks that may be lost without their payload: half of the guard pool's (pools.cpp).
constexpr std::int64_t kManagementMax = 256;

struct Walk {
  std::vector<bool> free{};
  bool whole = false;   // Nobody changed the list meanwhile.
  bool broken = false;  // It has a circle.
};

// Marks the chunks of the free list. Its head counts every change; under constant changes what was
// free in any walk counts as free, which understates leaks.
Walk walk(const Pool& pool) {
  const FreeList& list = pool.*member(PoolFree{});
  const auto& head = list.*member(FreeHead{});
  const std::uint32_t* next = (list.*member(FreeNext{})).get();
  const std::uint32_t count = pool.getChunkCount();
  Walk all{std::vector<bool>(count), false, false};
  for (int i = 0; i < kWalksMax; ++i) {
    Walk one{std::vector<bool>(count), false, false};
    const auto before = head.load();
    std::uint32_t index = before.indexToNextFreeIndex;
    for (; index < count && !one.free[index]; index = next[index]) one.free[index] = true;
    one.broken = index < count;
    const auto after = head.load();
    one.whole = before.indexToNextFreeIndex == after.indexToNextFreeIndex &&
                before.abaCounter == after.abaCounter;
    if (one.whole) return one;
    for (std::uint32_t k = 0; k < count; ++k) all.free[k] = all.free[k] || one.free[k];
  }
  return all;
}

}  // namespace

// One look at every chunk.
struct Healing::Census {
  explicit Census(Healing& own) : healing(own) {
    for (const Pool& pool : own.memory_.*member(Pools{})) {
      walks.push_back(walk(pool));
      reached.emplace_back(pool.getChunkCount());
      memory.push_back(static_cast<const std::uint8_t*>((pool.*member(PoolMemory{})).get()));
    }
    for (auto* port : own.ports_.getPublisherPortDataList()) {
      const Sender& sender = port->m_chunkSenderData;
      for (const Chunk& chunk : sender.m_chunksInUse.*member(SenderListData{})) reach(chunk);
      for (std::uint64_t i = 0; i < sender.m_history.size(); ++i) reach(sender.m_history[i]);
      reach(sender.m_lastChunkUnmanaged);
    }
    for (auto* port : own.ports_.getSubscriberPortDataList()) {
      Receiver& receiver = port->m_chunkReceiverData;
      reach_queue(receiver);
      for (const Chunk& chunk : receiver.m_chunksInUse.*member(ReceiverListData{})) reach(chunk);
    }
  }

  void reach_queue(Receiver& receiver) {
    Queue* queue = queue_of(receiver);
    if (queue == nullptr) return;
    Indices& used = base_of(*queue).*member(UsedIndices{});
    const auto& buffer = base_of(*queue).*member(QueueBuffer{});
    Position at = (used.*member(ReadPosition{})).load();
    for (std::uint64_t i = 0; i < kQueueMax; ++i, at = at + 1U) {
      const Position cell = (used.*member(Cells{}))[at.getIndex()].load();
      if (cell.getCycle() != at.getCycle()) break;
      reach(buffer[cell.getIndex()]);
    }
  }

  // `chunk` may change under our eyes: one load of its eight bytes, and no trust in what it names.
  void reach(const Chunk& chunk) {
    const Chunk copy = chunk;
    const auto* header = reinterpret_cast<const std::uint8_t*>(copy.getChunkHeader());
    if (header == nullptr) return;
    const auto& pools = healing.memory_.*member(Pools{});
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (header < memory[i]) continue;
      const auto offset = static_cast<std::size_t>(header - memory[i]);
      const std::size_t index = offset / pools[i].getChunkSize();
      if (index >= reached[i].size()) continue;
      reached[i][index] = true;
      return;
    }
  }

  Healing& healing;
  std::vector<Walk> walks;
  std::vector<std::vector<bool>> reached;
  std::vector<const std::uint8_t*> memory;
};

// What was lost, or free and in use at once, in every look so far.
struct Healing::Verdict {
  std::vector<std::vector<bool>> lost{}, doubled{};
  std::int64_t in_use = 0;
  std::uint32_t lost_now = 0;
  std::uint32_t lost_ever = 0;
  const char* failure = nullptr;

  bool final(int looks) const {
    if (lost_now == 0 && failure == nullptr) return true;
    return looks >= (failure || lost_now > kLostByTwoMax ? kLooksInDoubtMax : kLooksMax);
  }

  void add(const Census& census, const std::vector<std::vector<bool>>& known,
           const std::vector<std::uint32_t>& spare) {
    in_use = lost_now = lost_ever = 0;
    failure = nullptr;
    for (std::size_t p = 0; p < known.size(); ++p) {
      const std::size_t count = known[p].size();
      if (lost.size() == p) lost.emplace_back(count, true), doubled.emplace_back(count, true);
      std::uint32_t number = 0;
      const char* worse = nullptr;
      for (std::size_t i = 0; i < count; ++i) {
        const bool free = census.walks[p].free[i];
        const bool reached = census.reached[p][i];
        in_use += free ? 0 : 1;
        lost[p][i] = lost[p][i] && !free && !reached;
        doubled[p][i] = doubled[p][i] && free && reached;
        number += lost[p][i];
        lost_now += lost[p][i] && !known[p][i];
        if (doubled[p][i]) worse = "a chunk is free and in use at once";
      }
      lost_ever += number;
      if (census.walks[p].broken) worse = "a list of free chunks runs in a circle";
      if (number > spare[p]) failure = "the spare chunks of a size class are used up by leaks";
      if (worse != nullptr) failure = worse;
    }
  }
};

Leaks Healing::count_leaks() {
  Verdict verdict;
  MonotonicClock clock;
  int looks = 0;
  do {
    if (looks > 0) clock.wait_until(clock.now() + kBetweenLooks);
    verdict.add(Census(*this), known_, spare_);
    ++looks;
  } while (!verdict.final(looks));
  known_ = std::move(verdict.lost);
  Leaks leaks{verdict.lost_now, verdict.lost_ever, verdict.failure};
  const Walk management = walk((memory_.*member(ManagementPool{})).front());
  const auto free = std::count(management.free.begin(), management.free.end(), true);
  const auto managed = static_cast<std::int64_t>(management.free.size()) - free;
  if (managed - verdict.in_use > kManagementMax) {
    leaks.failure = "the spare management chunks are used up";
  }
  return leaks;
}

}  // namespace takt::port
#endif  // TAKT_CAN_HEAL
