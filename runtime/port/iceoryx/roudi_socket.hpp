// Whether a RouDi listens in this mount namespace.
#pragma once

#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

#include <takt/os/fd.hpp>

namespace takt::port {

// Connected to its datagram socket, without anything sent; empty when none listens: errno tells
// why.
inline os::UniqueFd roudi_socket() {
  constexpr char kRoudiSocket[] = "/tmp/roudi";
  os::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, kRoudiSocket, sizeof kRoudiSocket);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return socket;
}

inline bool roudi_answers() { return static_cast<bool>(roudi_socket()); }

}  // namespace takt::port
