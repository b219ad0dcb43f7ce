// The far end of a wire: a UDP port with clock and memory of its own.
//
// It links nothing of takt and reads the datagrams by their published description alone, so that a
// claim about what a device receives is never judged by takt's own word.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace observer {

// One datagram, as it arrived.
struct Seen {
  std::int64_t arrival_ns = 0;  // CLOCK_MONOTONIC when it was taken from the socket.
  std::string magic;
  std::uint32_t incarnation = 0;
  std::uint64_t sequence = 0;
  std::int64_t stamp_ns = 0;
  double value = 0.0;
  std::size_t size = 0;
};

std::int64_t now_ns();

// A port of 127.0.0.1 that is listened to from its making on.
//
// Thread safety: any thread. Lifetime: independent.
class Port {
 public:
  Port();
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  std::uint16_t number() const { return number_; }
  std::vector<Seen> seen() const;
  // Waits until one of the datagrams so far is as wanted; false at the watchdog.
  bool sees(const std::function<bool(const Seen&)>& wanted) const;
  // Everything that had arrived when this was called. Nothing is listened to afterwards.
  std::vector<Seen> all();

 private:
  void listen();
  int socket_ = -1;
  std::uint16_t number_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::thread listener_;
};

}  // namespace observer
