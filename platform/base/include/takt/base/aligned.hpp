// Bytes seen as the object that lies there, with the alignment checked: ARM may trap on what x86
// lets pass.
//
// Thread safety, real time: a comparison and a cast. Lifetime: the caller's.
#pragma once

#include <cstddef>
#include <cstdint>

#include <takt/base/assert.hpp>

namespace takt {

// `bytes` as a `T`. Null stays null; an address that does not suit `T` is a bug.
template <typename T>
T* aligned_as(std::byte* bytes) noexcept {
  TAKT_ASSERT(reinterpret_cast<std::uintptr_t>(bytes) % alignof(T) == 0);
  return static_cast<T*>(static_cast<void*>(bytes));
}
template <typename T>
const T* aligned_as(const std::byte* bytes) noexcept {
  TAKT_ASSERT(reinterpret_cast<std::uintptr_t>(bytes) % alignof(T) == 0);
  return static_cast<const T*>(static_cast<const void*>(bytes));
}

}  // namespace takt
