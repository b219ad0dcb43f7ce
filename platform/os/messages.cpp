// What goes over a connection: whole messages with descriptors, and streams of bytes.
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>

#include "platform/os/timespec.hpp"

namespace takt::os {
namespace {

// Room for one descriptor; alignment makes it room for two on 64-bit machines.
union Control {
  cmsghdr alignment;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

Error peer_error(const char* what, int errno_value) {
  return system_error(what, errno_value,
                      errno_value == EPIPE || errno_value == ECONNRESET ? "the other end has closed"
                      : errno_value == ETIMEDOUT ? "the other end does not take what is sent to it"
                                                 : "",
                      "");
}

// Waits until `fd` takes bytes again. False: kPeerWaitMax has passed.
bool wait_writable(int fd) {
  const auto deadline = monotonic_now() + kPeerWaitMax;
  for (;;) {
    pollfd watched{.fd = fd, .events = POLLOUT, .revents = 0};
    const timespec left = to_timespec(deadline - monotonic_now());
    const int ready = ::ppoll(&watched, 1, &left, nullptr);
    if (ready >= 0) return ready > 0;
    TAKT_ASSERT(errno == EINTR || errno == ENOMEM);
  }
}

// send() for sockets, where it can avoid both SIGPIPE and waiting; write() for everything else.
ssize_t send_or_write(int fd, std::string_view bytes) {
  for (;;) {
    ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == ENOTSOCK) n = ::write(fd, bytes.data(), bytes.size());
    if (n >= 0 || errno != EINTR) return n;
  }
}

// Takes the descriptors of a message: the first is kept, any more are closed.
UniqueFd take_descriptor(msghdr& message) {
  UniqueFd first;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
      UniqueFd fd(number);
      if (!first) first = std::move(fd);
    }
  }
  return first;
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> socket_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return system_error("make a pair of sockets", errno, "",
                        "raise the limit of open files (`ulimit -n 4096`)");
  }
  return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

Result<void> send_with_fd(int socket, std::string_view bytes, int fd) {
  TAKT_ASSERT(!bytes.empty());  // An empty message looks like the end of the connection.
  if (bytes.size() > kMessageBytesMax) {
    return system_error(format("send a message of {} bytes", bytes.size()), EMSGSIZE,
                        format("the limit is {}", kMessageBytesMax), "");
  }
  iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  }
  const bool may_wait = (::fcntl(socket, F_GETFL) & O_NONBLOCK) == 0;
  for (;;) {
    // A message is taken whole or not at all.
    if (::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !may_wait) return peer_error("send a message", errno);
    if (!wait_writable(socket)) return peer_error("send a message", ETIMEDOUT);
  }
}

Result<Received> receive_with_fd(int socket) {
  Received received;
  ssize_t size = 0;
  do {  // The size first: it waits for the message and leaves it and its descriptor where they are.
    size = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  if (size == 0 || (size < 0 && errno == ECONNRESET)) return received;
  if (size < 0) return peer_error("receive a message", errno);
  const bool too_long = static_cast<std::size_t>(size) > kMessageBytesMax;
  received.bytes.resize(too_long ? 0 : static_cast<std::size_t>(size));

  iovec part{.iov_base = received.bytes.data(), .iov_len = received.bytes.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  do {
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return peer_error("receive a message", errno);
  received.fd = take_descriptor(message);
  if (too_long) {
    return system_error("receive a message", EMSGSIZE, format("the limit is {}", kMessageBytesMax),
                        "");
  }
  return received;
}

Result<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return system_error("learn who is at the other end of a socket", errno, "", "");
  }
  return Peer{.pid = credentials.pid, .uid = credentials.uid, .gid = credentials.gid};
}

std::vector<gid_t> peer_groups(int socket) {
  std::vector<gid_t> groups;
  for (;;) {
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    const int told = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
    if (told != 0 && errno != ERANGE) return {};
    groups.resize(size / sizeof(gid_t));
    if (told == 0) return groups;
  }
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send_or_write(fd, bytes);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EAGAIN) {
      return peer_error("write to a connection", errno);
    } else if (!wait_writable(fd)) {
      return peer_error("write to a connection", ETIMEDOUT);
    }
  }
  return {};
}

Result<std::size_t> write_some(int fd, std::string_view bytes) {
  const ssize_t n = bytes.empty() ? 0 : send_or_write(fd, bytes);
  if (n >= 0) return static_cast<std::size_t>(n);
  if (errno == EAGAIN) return std::size_t{0};
  return peer_error("write to a connection", errno);
}

}  // namespace takt::os
