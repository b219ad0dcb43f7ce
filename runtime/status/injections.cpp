#include <cstring>

#include <takt/status/injections.hpp>

namespace takt {

bool read_injection(const InjectionSlot& slot, InjectionEntry& entry) noexcept {
  const std::uint64_t revision = slot.revision.load(std::memory_order_acquire);
  if (revision == 0 || revision % 2 != 0) return false;
  std::array<std::uint64_t, InjectionSlot::kWords> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = slot.words[i].load(std::memory_order_relaxed);
  }
  // The words above are read before the second look at the revision.
  std::atomic_thread_fence(std::memory_order_acquire);
  if (slot.revision.load(std::memory_order_relaxed) != revision) return false;
  std::memcpy(static_cast<void*>(&entry), words.data(), sizeof entry);
  return true;
}

void write_injection(InjectionSlot& slot, const InjectionEntry& entry) noexcept {
  std::array<std::uint64_t, InjectionSlot::kWords> words;
  std::memcpy(words.data(), &entry, sizeof entry);
  const std::uint64_t revision = slot.revision.load(std::memory_order_relaxed);
  slot.revision.store(revision + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  for (std::size_t i = 0; i < words.size(); ++i) {
    slot.words[i].store(words[i], std::memory_order_relaxed);
  }
  slot.revision.store(revision + 2, std::memory_order_release);
}

}  // namespace takt
