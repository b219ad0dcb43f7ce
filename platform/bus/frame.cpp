#include <takt/base/assert.hpp>
#include <takt/bus/frame.hpp>

namespace takt::bus {
namespace {

constexpr std::byte kBorder{0};
constexpr unsigned kLongestBlock = 0xff;  // 254 bytes without a zero, and no zero behind them.

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  constexpr std::uint32_t kReflectedPolynomial = 0xedb88320;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1U) != 0 ? kReflectedPolynomial : 0U);
    }
    table[i] = value;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

// COBS: each block begins with a code, one more than the bytes up to the next zero.
class BlockWriter {
 public:
  explicit BlockWriter(std::span<std::byte, kFrameBytesMax> frame) : frame_(frame) {
    frame_[0] = kBorder;
  }
  void put(std::byte value) noexcept TAKT_RT {
    if (value != kBorder) {
      frame_[end_++] = value;
      ++code_;
    }
    if (value == kBorder || code_ == kLongestBlock) close_block();
  }
  std::size_t finish() noexcept TAKT_RT {
    close_block();
    frame_[code_at_] = kBorder;  // The place of a block that does not come.
    return end_;
  }

 private:
  void close_block() noexcept TAKT_RT {
    frame_[code_at_] = static_cast<std::byte>(code_);
    code_at_ = end_++;
    code_ = 1;
  }

  std::span<std::byte, kFrameBytesMax> frame_;
  std::size_t code_at_ = 1;
  std::size_t end_ = 2;
  unsigned code_ = 1;
};

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes) noexcept {
  std::uint32_t crc = 0xffffffff;
  for (const std::byte byte : bytes) {
    crc = (crc >> 8) ^ kCrcTable[(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xffU];
  }
  return ~crc;
}

std::size_t encode_frame(std::span<const std::byte> datagram,
                         std::span<std::byte, kFrameBytesMax> frame) noexcept {
  TAKT_ASSERT(!datagram.empty());
  TAKT_ASSERT(datagram.size() <= kDatagramBytesMax);
  BlockWriter writer(frame);
  for (const std::byte byte : datagram) writer.put(byte);
  const std::uint32_t crc = crc32(datagram);
  for (std::size_t i = 0; i < kCrcBytes; ++i) {
    writer.put(static_cast<std::byte>((crc >> (8 * i)) & 0xffU));
  }
  return writer.finish();
}

void FrameDecoder::begin() noexcept {
  left_in_block_ = 0;
  owes_zero_ = false;
  is_empty_ = true;
  is_too_long_ = false;
}

void FrameDecoder::restart() noexcept {
  begin();
  size_ = 0;
  knows_borders_ = false;
}

void FrameDecoder::append(std::byte value) noexcept {
  if (size_ == memory_.size()) {
    is_too_long_ = true;
  } else {
    memory_[size_++] = value;
  }
}

FrameDecoder::Found FrameDecoder::end() noexcept {
  const bool is_whole = !is_too_long_ && left_in_block_ == 0 && size_ > kCrcBytes;
  begin();
  if (!is_whole) return Found::bad;
  size_ -= kCrcBytes;
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < kCrcBytes; ++i) {
    crc |= std::to_integer<std::uint32_t>(memory_[size_ + i]) << (8 * i);
  }
  return crc == crc32(datagram()) ? Found::frame : Found::bad;
}

FrameDecoder::Found FrameDecoder::take(std::span<const std::byte>& bytes) noexcept {
  while (!bytes.empty()) {
    const std::byte byte = bytes.front();
    bytes = bytes.subspan(1);
    if (byte == kBorder) {
      const bool ends_something = knows_borders_ && !is_empty_;
      knows_borders_ = true;
      if (ends_something) return end();
    } else if (knows_borders_ && left_in_block_ > 0) {
      --left_in_block_;
      append(byte);
    } else if (knows_borders_) {
      if (is_empty_) size_ = 0;
      if (owes_zero_) append(kBorder);
      is_empty_ = false;
      left_in_block_ = std::to_integer<unsigned>(byte) - 1;
      owes_zero_ = left_in_block_ + 1 != kLongestBlock;
    }
  }
  return Found::nothing;
}

}  // namespace takt::bus
