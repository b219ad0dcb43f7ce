// Datagrams over UDP, on Linux sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <sys/socket.h>

#include <takt/base/result.hpp>
#include <takt/bus/datagram.hpp>
#include <takt/os/fd.hpp>

namespace takt::bus {

// Addresses are numeric, of IPv4 or IPv6: a name would have to be looked up, and may answer another
// machine tomorrow. Nothing leaves or enters this machine unless an address says so.
struct UdpOptions {
  std::string remote_address = "127.0.0.1";  // Where datagrams are sent to.
  std::uint16_t remote_port = 0;             // 0: receives only.
  // Where datagrams are received; empty: loopback when the remote address is loopback, else every
  // address of this machine if there is no `local_port`, which only says where answers arrive.
  std::string local_address{};
  std::uint16_t local_port = 0;  // 0: one that is free.
};

// A socket that is bound and not connected: a device that is not there yet, or no more, costs no
// datagram. (A connected socket would report the refusal of one datagram instead of sending the
// next.) It takes datagrams from anyone who can reach its port: judge their content.
//
// Thread safety, real time, lifetime: as DatagramChannel.
class UdpChannel final : public DatagramChannel {
 public:
  // Errors: an address that is not numeric, two families, a port that is taken or privileged, an
  // address that is not this machine's.
  static Result<std::unique_ptr<UdpChannel>> open(const UdpOptions& options);

  // Where it receives; never 0.
  std::uint16_t local_port() const noexcept { return local_port_; }

 private:
  UdpChannel() = default;
  int send(std::span<const std::byte> datagram) noexcept TAKT_RT override;
  std::ptrdiff_t receive(std::span<std::byte> memory) noexcept TAKT_RT override;

  os::UniqueFd socket_;
  sockaddr_storage remote_{};
  socklen_t remote_size_ = 0;  // 0: there is none.
  std::uint16_t local_port_ = 0;
};

}  // namespace takt::bus
