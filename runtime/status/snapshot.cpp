#include <cstring>

#include <takt/status/snapshot.hpp>

namespace takt {

void SnapshotPage::write(const void* state) noexcept {
  const std::uint64_t turn = turns.load(std::memory_order_relaxed);
  std::memcpy(slot(turn), state, size);
  turns.store(turn + 1, std::memory_order_release);
}

bool SnapshotPage::read(void* state) const noexcept {
  const std::uint64_t turn = turns.load(std::memory_order_acquire);
  if (turn == 0) return false;
  std::memcpy(state, const_cast<SnapshotPage*>(this)->slot(turn - 1), size);
  return true;
}

}  // namespace takt
