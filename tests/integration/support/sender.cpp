#include "tests/integration/support/sender.hpp"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace observer {
namespace {

constexpr std::chrono::milliseconds kEvery{1};

template <typename T>
void put(unsigned char* at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    at[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

sockaddr_in at_loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A number that the kernel has just given to nobody.
std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = at_loopback(0);
  socklen_t size = sizeof address;
  if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  if (::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
  ::close(probe);
  return ntohs(address.sin_port);
}

}  // namespace

Sender::Sender(double value)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      port_(free_port()),
      value_(value),
      thread_([this] { send(); }) {}

Sender::~Sender() {
  ends_ = true;
  thread_.join();
  ::close(socket_);
}

void Sender::says(double value) {
  value_ = value;
  speaks_ = true;
}

void Sender::send() {
  const sockaddr_in address = at_loopback(port_);
  for (std::uint64_t sequence = 0; !ends_; std::this_thread::sleep_for(kEvery)) {
    if (!speaks_) continue;
    unsigned char bytes[32] = {'T', 'K', 'T', '1'};
    const double value = value_;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    put(bytes + 4, std::uint32_t{1});
    put(bytes + 8, sequence++);
    put(bytes + 24, bits);
    ::sendto(socket_, bytes, sizeof bytes, 0, reinterpret_cast<const sockaddr*>(&address),
             sizeof address);
  }
}

}  // namespace observer
