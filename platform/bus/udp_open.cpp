// Opening of UDP sockets: before the loop, with words for everything that can be wrong.
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <takt/base/text.hpp>
#include <takt/bus/udp.hpp>

namespace takt::bus {
namespace {

struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;
  bool loopback = false;
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&storage); }
};

Result<Endpoint> endpoint(const std::string& address, std::uint16_t port) {
  Endpoint made;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    constexpr std::uint32_t kLoopbackNet = 127;
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&made.storage, &v4, sizeof v4);
    made.size = sizeof v4;
    made.loopback = ntohl(v4.sin_addr.s_addr) >> 24 == kLoopbackNet;
    return made;
  }
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&made.storage, &v6, sizeof v6);
    made.size = sizeof v6;
    made.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    return made;
  }
  return fail(format("'{}' is not a numeric address", address),
              "write it as in 127.0.0.1 or ::1; names are not looked up");
}

const char* loopback_of(int family) { return family == AF_INET6 ? "::1" : "127.0.0.1"; }
const char* any_of(int family) { return family == AF_INET6 ? "::" : "0.0.0.0"; }

// Where to receive when the user does not say: as little as does the work.
std::string default_local(const Endpoint& remote, const UdpOptions& options) {
  const bool answers_only = options.remote_port != 0 && options.local_port == 0;
  const int family = remote.storage.ss_family;
  return answers_only && !remote.loopback ? any_of(family) : loopback_of(family);
}

Error bind_error(int errno_value, const std::string& address, std::uint16_t port) {
  const std::string what = format("receive UDP datagrams at port {} of {}", port, address);
  switch (errno_value) {
    case EADDRINUSE:
      return system_error(what, errno_value, "another program has this port",
                          "end that program or take another port; `ss -ulnp` shows who has it");
    case EADDRNOTAVAIL:
      return system_error(what, errno_value, "this machine does not have this address",
                          "`ip addr` lists those that it has");
    case EACCES:
      return system_error(what, errno_value, "ports below 1024 are reserved",
                          "take a port from 1024 on");
    default:
      return system_error(what, errno_value, "", "");
  }
}

Result<std::uint16_t> port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return system_error("ask for the port of a UDP socket", errno, "", "");
  }
  in_port_t port = 0;
  const char* const bytes = reinterpret_cast<const char*>(&bound);
  const bool is_v6 = bound.ss_family == AF_INET6;
  std::memcpy(&port,
              bytes + (is_v6 ? offsetof(sockaddr_in6, sin6_port) : offsetof(sockaddr_in, sin_port)),
              sizeof port);
  return ntohs(port);
}

}  // namespace

Result<std::unique_ptr<UdpChannel>> UdpChannel::open(const UdpOptions& options) {
  auto remote = endpoint(options.remote_address, options.remote_port);
  if (!remote) return remote.error();
  const std::string local_address =
      options.local_address.empty() ? default_local(*remote, options) : options.local_address;
  auto local = endpoint(local_address, options.local_port);
  if (!local) return local.error();
  const bool sends = options.remote_port != 0;
  if (sends && remote->storage.ss_family != local->storage.ss_family) {
    return fail(format("'{}' and '{}' are addresses of two families", options.remote_address,
                       local_address),
                "give both as IPv4 or both as IPv6");
  }
  if (sends && local->loopback && !remote->loopback) {
    return fail(format("'{}' cannot be reached from '{}', which is this machine's loopback",
                       options.remote_address, local_address),
                "give the local address of the network that the device is on");
  }
  const int family = local->storage.ss_family;
  std::unique_ptr<UdpChannel> channel(new UdpChannel);
  channel->socket_.reset(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!channel->socket_) return system_error("open a UDP socket", errno, "", "");
  if (::bind(channel->socket_.get(), local->address(), local->size) != 0) {
    return bind_error(errno, local_address, options.local_port);
  }
  const auto port = port_of(channel->socket_.get());
  if (!port) return port.error();
  channel->local_port_ = *port;
  if (sends) {
    channel->remote_ = remote->storage;
    channel->remote_size_ = remote->size;
  }
  return channel;
}

}  // namespace takt::bus
