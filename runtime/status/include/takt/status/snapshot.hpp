// The memory in which a node's state outlives its process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <takt/base/rt.hpp>

namespace takt {

// Two copies of a node's `State`, written in turn: whatever instruction the node dies at, one of
// them is whole.
//
// Thread safety: one node's loop writes; whoever reads must know that it is dead or not started.
// Real time: `write` is. Lifetime: the run's; zeroed memory holds no state.
struct SnapshotPage {
  std::uint32_t version;
  std::uint32_t size;                // Of the state in bytes.
  std::atomic<std::uint64_t> turns;  // Writes that are complete.

  static std::size_t bytes_for(std::size_t size) { return sizeof(SnapshotPage) + 2 * padded(size); }
  void write(const void* state) noexcept TAKT_RT;
  // The newest whole state; false when there is none.
  bool read(void* state) const noexcept;

 private:
  static std::size_t padded(std::size_t size) { return (size + 7) & ~std::size_t{7}; }
  std::byte* slot(std::uint64_t turn) noexcept TAKT_RT {
    return reinterpret_cast<std::byte*>(this + 1) + (turn % 2) * padded(size);
  }
};

}  // namespace takt
