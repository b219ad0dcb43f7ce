// A datagram channel without a machine: both ends in one process, for unit tests.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <takt/bus/datagram.hpp>

namespace takt::bus {

// Two ends; what one sends the other receives. As with a socket, an end whose queue is full loses
// what comes, and the sender does not learn of it.
//
// Thread safety: one thread uses both ends. Real time: sending and receiving are. Lifetime: the
// ends are its members.
class SimulatedLink {
 public:
  // Each end holds up to `depth` datagrams that were not received yet.
  explicit SimulatedLink(std::size_t depth = 64);

  DatagramChannel& first() noexcept { return ends_[0]; }
  DatagramChannel& second() noexcept { return ends_[1]; }

  // What a system does whose buffers are full: every send is refused with `errno_value`; 0 ends it.
  void refuse_sends(int errno_value) noexcept { refusal_ = errno_value; }

 private:
  struct Slot {
    std::array<std::byte, kDatagramBytesMax> bytes;
    std::size_t size = 0;
  };
  struct Queue {
    std::vector<Slot> slots;
    std::size_t oldest = 0;
    std::size_t count = 0;
  };
  class End final : public DatagramChannel {
   public:
    End(SimulatedLink& link, std::size_t own) : link_(link), own_(own) {}

   private:
    int send(std::span<const std::byte> datagram) noexcept TAKT_RT override;
    std::ptrdiff_t receive(std::span<std::byte> memory) noexcept TAKT_RT override;
    SimulatedLink& link_;
    std::size_t own_;
  };

  int refusal_ = 0;
  std::array<Queue, 2> queues_;  // What is on its way to each end.
  std::array<End, 2> ends_;
};

}  // namespace takt::bus
