#include <takt/bus/datagram.hpp>

namespace takt::bus {

bool DatagramChannel::try_send(std::span<const std::byte> datagram) noexcept {
  const bool fits = !datagram.empty() && datagram.size() <= kDatagramBytesMax;
  last_errno_ = fits ? send(datagram) : 0;
  const bool sent = fits && last_errno_ == 0;
  ++(sent ? counters_.sent : counters_.refused);
  return sent;
}

Received DatagramChannel::try_receive(std::span<std::byte> memory) noexcept {
  const std::ptrdiff_t size = receive(memory);
  if (size < 0) return {};
  if (size == 0 || static_cast<std::size_t>(size) > memory.size()) {
    ++counters_.dropped;
    return {Received::What::dropped, 0};
  }
  ++counters_.received;
  return {Received::What::datagram, static_cast<std::size_t>(size)};
}

}  // namespace takt::bus
