// The newest number that a datagram channel has brought, without ports.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <takt/base/rt.hpp>
#include <takt/bus/datagram.hpp>
#include <takt/sample/sample.hpp>

#include "nodes/common/scalar_datagram.hpp"

namespace takt::nodes {

// What has come over a wire since the start.
struct LinkState {
  std::uint64_t received;  // Good datagrams.
  std::uint64_t lost;      // Gaps in their sequence.
  std::uint64_t wrong;     // Thrown away: another format, not finite, older than one before.
};
TAKT_SAMPLE(LinkState, (received), (lost), (wrong));

// Thread safety: one thread. Real time: yes, up to kDatagramsMax datagrams a look.
// Lifetime: independent.
class ScalarReceiver {
 public:
  // A sender that is faster than this many datagrams a look cannot keep a step from ending.
  static constexpr int kDatagramsMax = 64;

  explicit ScalarReceiver(int datagrams_max = kDatagramsMax) : datagrams_max_(datagrams_max) {}

  // Takes what has come and returns the newest value of it; nothing when no good datagram came.
  // Datagrams of another incarnation, or with sequence 0, are those of a new start of the sender.
  std::optional<double> newest(bus::DatagramChannel& channel) noexcept TAKT_RT {
    std::optional<double> value;
    std::array<std::byte, kScalarDatagramBytes> memory;
    for (int i = 0; i < datagrams_max_; ++i) {
      const bus::Received got = channel.try_receive(memory);
      if (got.what == bus::Received::What::nothing) break;
      const auto datagram = got.what == bus::Received::What::datagram
                                ? decode(std::span<const std::byte>(memory).first(got.size))
                                : std::nullopt;
      if (datagram && accept(*datagram)) {
        value = datagram->value;
      } else {
        ++link_.wrong;
      }
    }
    return value;
  }

  const LinkState& link() const noexcept TAKT_RT { return link_; }

 private:
  bool accept(const ScalarDatagram& datagram) noexcept TAKT_RT {
    if (!std::isfinite(datagram.value)) return false;
    const bool anew = !started_ || datagram.incarnation != incarnation_ || datagram.sequence == 0;
    if (!anew && datagram.sequence < next_) return false;
    if (!anew) link_.lost += datagram.sequence - next_;
    started_ = true;
    incarnation_ = datagram.incarnation;
    next_ = datagram.sequence + 1;
    ++link_.received;
    return true;
  }

  int datagrams_max_;
  LinkState link_{};
  std::uint64_t next_ = 0;
  std::uint32_t incarnation_ = 0;
  bool started_ = false;
};

}  // namespace takt::nodes
