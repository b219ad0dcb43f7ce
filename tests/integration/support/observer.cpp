#include "tests/integration/support/observer.hpp"

#include <cstdlib>
#include <cstring>
#include <ctime>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace observer {
namespace {

constexpr int kWatchdogMs = 45'000;
constexpr int kLookMs = 1;
// What the port sends to itself: behind it nothing is left in the socket.
constexpr const char* kEnd = "end";

template <typename T>
T little(const unsigned char* bytes) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = static_cast<T>((value << 8) | bytes[i]);
  return value;
}

Seen read(const unsigned char* bytes, std::size_t size) {
  Seen seen;
  seen.arrival_ns = now_ns();
  seen.size = size;
  if (size < 32) return seen;
  seen.magic.assign(bytes, bytes + 4);
  seen.incarnation = little<std::uint32_t>(bytes + 4);
  seen.sequence = little<std::uint64_t>(bytes + 8);
  seen.stamp_ns = static_cast<std::int64_t>(little<std::uint64_t>(bytes + 16));
  const auto bits = little<std::uint64_t>(bytes + 24);
  std::memcpy(&seen.value, &bits, sizeof seen.value);
  return seen;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

Port::Port() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  // Seconds of datagrams while the host stands still.
  const int room = 4 << 20;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
  number_ = ntohs(address.sin_port);
  listener_ = std::thread([this] { listen(); });
}

Port::~Port() {
  if (listener_.joinable()) all();
  ::close(socket_);
}

void Port::listen() {
  unsigned char bytes[2048];
  for (;;) {
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size < 0) return;
    if (size == 3 && std::memcmp(bytes, kEnd, 3) == 0) return;
    const std::lock_guard lock(mutex_);
    seen_.push_back(read(bytes, static_cast<std::size_t>(size)));
  }
}

std::vector<Seen> Port::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool Port::sees(const std::function<bool(const Seen&)>& wanted) const {
  const std::int64_t until = now_ns() + std::int64_t{kWatchdogMs} * 1'000'000;
  while (now_ns() < until) {
    for (const Seen& one : seen()) {
      if (wanted(one)) return true;
    }
    ::poll(nullptr, 0, kLookMs);
  }
  return false;
}

std::vector<Seen> Port::all() {
  if (listener_.joinable()) {
    const sockaddr_in own = loopback(number_);
    ::sendto(socket_, kEnd, 3, 0, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    listener_.join();
  }
  return seen();
}

}  // namespace observer
