// A channel of datagrams: each arrives whole or not at all, and nobody waits for it.
//
// The contract of every bus that carries small messages. What is promised is what the weakest of
// them can: a datagram may be lost on its way without a word, so that a device must not depend on
// any single one. tests/conformance holds every implementation to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <takt/base/rt.hpp>

namespace takt::bus {

// The longest datagram: one Ethernet frame of 1500 bytes, less the headers of IPv4 and UDP. A
// longer one would be cut into pieces, and lost with any of them.
inline constexpr std::size_t kDatagramBytesMax = 1472;

struct DatagramCounters {
  std::uint64_t sent = 0;      // Taken by the system. Whether they arrive nobody knows.
  std::uint64_t refused = 0;   // Not sent: no room, no way there, empty or too long.
  std::uint64_t received = 0;  // Given to the caller.
  std::uint64_t dropped = 0;   // Came, but was empty or longer than the caller's memory.
};

// What `try_receive` has found.
struct Received {
  enum class What {
    nothing,
    datagram,
    dropped,  // One came and was thrown away; there may be another one.
  };
  What what = What::nothing;
  std::size_t size = 0;  // Of the datagram.
};

// One end of a channel, open from its making to its end.
//
// Thread safety: one thread at a time. Real time: sending and receiving are, each at the cost of
// one system call that does not wait (none in the simulation); opening and closing are not.
// Lifetime: independent.
class DatagramChannel {
 public:
  DatagramChannel() = default;
  DatagramChannel(const DatagramChannel&) = delete;
  DatagramChannel& operator=(const DatagramChannel&) = delete;
  virtual ~DatagramChannel() = default;

  // Sends one datagram of 1 to kDatagramBytesMax bytes, or counts it as refused. That nobody
  // listens at the other end is no refusal.
  bool try_send(std::span<const std::byte> datagram) noexcept TAKT_RT;

  // Takes the datagram that has waited longest.
  Received try_receive(std::span<std::byte> memory) noexcept TAKT_RT;

  const DatagramCounters& counters() const noexcept TAKT_RT { return counters_; }
  // The system's reason for the last refusal; 0 when there was none, or when it was the size.
  int last_errno() const noexcept TAKT_RT { return last_errno_; }

 private:
  // 0, or why the system refused it.
  virtual int send(std::span<const std::byte> datagram) noexcept TAKT_RT = 0;
  // The datagram's own size, of which at most `memory.size()` bytes were written; negative when
  // none was there.
  virtual std::ptrdiff_t receive(std::span<std::byte> memory) noexcept TAKT_RT = 0;

  DatagramCounters counters_;
  int last_errno_ = 0;
};

}  // namespace takt::bus
