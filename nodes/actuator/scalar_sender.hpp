// What drives a device with one number over a datagram channel: a part of such actuators.
#pragma once

#include <cmath>
#include <cstdint>

#include <takt/bus/datagram.hpp>
#include <takt/node/node.hpp>

#include "nodes/common/scalar_datagram.hpp"

namespace takt::nodes {

// Declares the parameter `scale`.
//
// Thread safety: one thread. Real time: as marked. Lifetime: a member of its node.
class ScalarSender {
 public:
  explicit ScalarSender(Node& node)
      : scale_{
            node, "scale", {.summary = "The datagram carries scale * applied", .fallback = 1.0}} {}

  Result<void> configure(NodeContext& context) {
    if (scale_ == 0.0) {
      return fail("scale is 0: every command would be sent as 0", "give a scale other than 0");
    }
    log_ = &context.log();
    return {};
  }

  // Sends `value` with the next sequence. False, and logged, when the system does not take it;
  // false when the scale makes it infinite.
  bool send(bus::DatagramChannel& channel, double value, const SampleHeader& header) noexcept
      TAKT_RT {
    const double scaled = scale_ * value;
    if (!std::isfinite(scaled)) return false;
    const auto bytes = encode({.incarnation = static_cast<std::uint32_t>(header.incarnation),
                               .sequence = sequence_,
                               .stamp_ns = header.publish_ns,
                               .value = scaled});
    if (channel.try_send(bytes)) {
      ++sequence_;
      return true;
    }
    log_->warning("the system did not take a datagram (errno {})", channel.last_errno());
    return false;
  }

 private:
  Param<double> scale_;
  Logger* log_ = nullptr;
  std::uint64_t sequence_ = 0;
};

}  // namespace takt::nodes
