// Containers of fixed capacity that may stand inside samples: no pointers, no implicit padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <takt/base/rt.hpp>

namespace takt {

// Up to `Capacity` bytes of text, zero-padded, so that equal texts are equal bytes.
//
// Thread safety: a plain value. Real time: yes. Lifetime: independent.
template <std::size_t Capacity>
struct FixedString {
  static_assert(Capacity % 8 == 0, "a multiple of 8 leaves no implicit padding behind it");
  char text[Capacity] = {};

  // Cuts what does not fit; returns false then.
  bool assign(std::string_view value) noexcept TAKT_RT {
    const std::size_t n = value.size() < Capacity ? value.size() : Capacity;
    std::memset(text, 0, Capacity);
    std::memcpy(text, value.data(), n);
    return n == value.size();
  }
  std::string_view view() const noexcept TAKT_RT {
    return {text, ::strnlen(text, Capacity)};
  }
  friend bool operator==(const FixedString&, const FixedString&) = default;
};

// Up to `Capacity` values of a plain type.
//
// Thread safety: a plain value. Real time: yes. Lifetime: independent.
template <typename T, std::size_t Capacity>
struct FixedVector {
  static_assert(alignof(T) <= 8, "the length is 8 bytes wide, so that no padding follows it");
  static_assert((sizeof(T) * Capacity) % 8 == 0, "choose a capacity that fills whole 8 bytes");
  std::uint64_t length = 0;
  T values[Capacity] = {};

  // Returns false, and keeps the vector as it is, when it is full.
  bool push_back(const T& value) noexcept TAKT_RT {
    if (length >= Capacity) return false;
    values[length++] = value;
    return true;
  }
  void clear() noexcept TAKT_RT { length = 0; }
  std::size_t size() const noexcept TAKT_RT {
    return length < Capacity ? static_cast<std::size_t>(length) : Capacity;
  }
  static constexpr std::size_t capacity() noexcept { return Capacity; }
  T& operator[](std::size_t index) noexcept { return values[index]; }
  const T& operator[](std::size_t index) const noexcept { return values[index]; }
  T* begin() noexcept { return values; }
  T* end() noexcept { return values + size(); }
  const T* begin() const noexcept { return values; }
  const T* end() const noexcept { return values + size(); }
};

}  // namespace takt
