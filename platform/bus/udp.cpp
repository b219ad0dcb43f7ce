#include <cerrno>

#include <takt/bus/udp.hpp>

namespace takt::bus {

int UdpChannel::send(std::span<const std::byte> datagram) noexcept {
  if (remote_size_ == 0) return EDESTADDRREQ;
  const auto* const remote = reinterpret_cast<const sockaddr*>(&remote_);
  const ssize_t sent = ::sendto(socket_.get(), datagram.data(), datagram.size(),
                                MSG_DONTWAIT | MSG_NOSIGNAL, remote, remote_size_);
  return sent < 0 ? errno : 0;
}

std::ptrdiff_t UdpChannel::receive(std::span<std::byte> memory) noexcept {
  // MSG_TRUNC: the size is the datagram's own, also when it did not fit.
  return ::recv(socket_.get(), memory.data(), memory.size(), MSG_DONTWAIT | MSG_TRUNC);
}

}  // namespace takt::bus
