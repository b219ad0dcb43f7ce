// Datagrams on a stream of bytes: where each begins and ends, and whether it is what was sent.
//
//   0x00  COBS(datagram, CRC-32 of it, least significant byte first)  0x00
//
// COBS takes every zero out of what is between: S. Cheshire, M. Baker, "Consistent Overhead Byte
// Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999. The CRC is CRC-32/ISO-HDLC, that of
// Ethernet, HDLC and zlib's crc32(): 0xcbf43926 of "123456789". A zero is a border whatever came
// before it, so that garbage costs the frame that it stands in and none behind it. In Python, with
// the package cobs: b"\0" + cobs.encode(datagram + struct.pack("<I", zlib.crc32(datagram))) + b"\0"
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <takt/base/rt.hpp>
#include <takt/bus/datagram.hpp>

namespace takt::bus {

inline constexpr std::size_t kCrcBytes = 4;

// The length of a frame around `datagram` bytes, at most: two borders, the CRC, and of COBS one
// byte and another for each 254.
constexpr std::size_t frame_bytes(std::size_t datagram) noexcept {
  return 2 + datagram + kCrcBytes + 1 + (datagram + kCrcBytes) / 254;
}
inline constexpr std::size_t kFrameBytesMax = frame_bytes(kDatagramBytesMax);

std::uint32_t crc32(std::span<const std::byte> bytes) noexcept TAKT_RT;

// Writes the frame around 1 to kDatagramBytesMax bytes and returns its length.
std::size_t encode_frame(std::span<const std::byte> datagram,
                         std::span<std::byte, kFrameBytesMax> frame) noexcept TAKT_RT;

// Finds the datagrams in a stream, in pieces of any size.
//
// Thread safety: one thread. Real time: yes, in proportion to the bytes. Lifetime: independent.
class FrameDecoder {
 public:
  enum class Found {
    nothing,  // The bytes are used up.
    frame,    // `datagram` is one.
    bad,      // Something ended that is no frame: a wrong CRC, cut off, too long, garbage.
  };

  // Takes bytes from the front of `bytes`, up to the end of what it has found. What comes before
  // the first border of all is the end of a frame whose beginning nobody has seen: passed over.
  Found take(std::span<const std::byte>& bytes) noexcept TAKT_RT;

  // Of the last frame found; until the next `take`.
  std::span<const std::byte> datagram() const noexcept TAKT_RT {
    return std::span(memory_).first(size_);
  }

  // As if nothing had come: the stream is another one.
  void restart() noexcept TAKT_RT;

 private:
  void begin() noexcept TAKT_RT;
  void append(std::byte value) noexcept TAKT_RT;
  Found end() noexcept TAKT_RT;

  std::array<std::byte, kDatagramBytesMax + kCrcBytes> memory_{};
  std::size_t size_ = 0;
  unsigned left_in_block_ = 0;
  bool owes_zero_ = false;  // The block stands for a zero behind it, if another one comes.
  bool is_empty_ = true;    // Nothing since the border.
  bool is_too_long_ = false;
  bool knows_borders_ = false;
};

}  // namespace takt::bus
