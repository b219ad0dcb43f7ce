// Whether a RouDi listens in this mount namespace.
#pragma once

#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

#include <takt/os/fd.hpp>

namespace takt::port {

// Asks its datagram socket without sending anything; errno tells why not.
inline bool roudi_answers() {
  constexpr const char* kRoudiSocket = "/tmp/roudi";
  const os::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, kRoudiSocket);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace takt::port
