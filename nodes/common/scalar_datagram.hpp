// One number as a datagram: what actuator/udp sends and sensor/udp takes.
//
//   byte  content      type, little-endian
//   0     magic        4 bytes, "TKT1"
//   4     incarnation  uint32, which start of the sender it is
//   8     sequence     uint64, 0, 1, 2 ... in one incarnation
//   16    stamp        int64, the sender's CLOCK_MONOTONIC in nanoseconds
//   24    value        IEEE 754 double
//
// In Python: magic, incarnation, sequence, stamp, value = struct.unpack("<4sIQqd", datagram)
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <takt/base/rt.hpp>

namespace takt::nodes {

struct ScalarDatagram {
  std::uint32_t incarnation = 0;
  std::uint64_t sequence = 0;
  std::int64_t stamp_ns = 0;
  double value = 0.0;
};

inline constexpr std::size_t kScalarDatagramBytes = 32;
using ScalarDatagramBytes = std::array<std::byte, kScalarDatagramBytes>;

namespace detail {

inline constexpr std::uint32_t kScalarMagic = 0x31544b54;  // "TKT1"

// Byte by byte: the same on a machine of the other byte order.
template <typename T>
void put_little(ScalarDatagramBytes& bytes, std::size_t at, T value) noexcept TAKT_RT {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[at + i] = static_cast<std::byte>(static_cast<unsigned>(value >> (8 * i)) & 0xffU);
  }
}
template <typename T>
T get_little(std::span<const std::byte> bytes, std::size_t at) noexcept TAKT_RT {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(std::to_integer<T>(bytes[at + i]) << (8 * i));
  }
  return value;
}

}  // namespace detail

inline ScalarDatagramBytes encode(const ScalarDatagram& datagram) noexcept TAKT_RT {
  ScalarDatagramBytes bytes{};
  detail::put_little(bytes, 0, detail::kScalarMagic);
  detail::put_little(bytes, 4, datagram.incarnation);
  detail::put_little(bytes, 8, datagram.sequence);
  detail::put_little(bytes, 16, std::bit_cast<std::uint64_t>(datagram.stamp_ns));
  detail::put_little(bytes, 24, std::bit_cast<std::uint64_t>(datagram.value));
  return bytes;
}

// Nothing when `bytes` has another size or another magic.
inline std::optional<ScalarDatagram> decode(std::span<const std::byte> bytes) noexcept TAKT_RT {
  if (bytes.size() != kScalarDatagramBytes) return std::nullopt;
  if (detail::get_little<std::uint32_t>(bytes, 0) != detail::kScalarMagic) return std::nullopt;
  return ScalarDatagram{
      .incarnation = detail::get_little<std::uint32_t>(bytes, 4),
      .sequence = detail::get_little<std::uint64_t>(bytes, 8),
      .stamp_ns = std::bit_cast<std::int64_t>(detail::get_little<std::uint64_t>(bytes, 16)),
      .value = std::bit_cast<double>(detail::get_little<std::uint64_t>(bytes, 24))};
}

}  // namespace takt::nodes
