// A serial line as a part of a node: its parameters, its opening, and words about its plug.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <takt/bus/serial.hpp>
#include <takt/node/node.hpp>

namespace takt::nodes {

// Declares the parameters `device`, `baud`, `parity` and `stop_bits`.
//
// Thread safety: one thread. Real time: as marked. Lifetime: a member of its node.
class SerialLine {
 public:
  explicit SerialLine(Node& node)
      : device_{node, "device", {.summary = "Path of the line; relative to the graph file"}},
        baud_{node,
              "baud",
              {.summary = "Bits per second", .fallback = 115'200, .min = 50, .max = 4'000'000}},
        parity_{node,
                "parity",
                {.summary = "A bit that checks each character",
                 .fallback = "none",
                 .choices = {"none", "even", "odd"}}},
        stop_bits_{node, "stop_bits", {.summary = "1 or 2", .fallback = 1, .min = 1, .max = 2}} {}

  Result<void> open(NodeContext& context, bool receives) {
    bus::SerialOptions wanted = options(context);
    wanted.receives = receives;
    auto opened = bus::SerialChannel::open(wanted);
    if (!opened) return opened.error();
    channel_ = std::move(*opened);
    log_ = &context.log();
    return {};
  }

  bus::SerialOptions options(const NodeContext& context) const {
    return {.device = context.resolve(device_),
            .baud = static_cast<std::uint32_t>(baud_.value()),
            .parity = parity_.value() == "even"  ? bus::Parity::even
                      : parity_.value() == "odd" ? bus::Parity::odd
                                                 : bus::Parity::none,
            .stop_bits = static_cast<int>(stop_bits_.value())};
  }

  bus::SerialChannel& channel() noexcept TAKT_RT { return *channel_; }

  // Before the line is used: whether it is another one than before, opened anew.
  bool has_come_back() noexcept TAKT_RT {
    if (!channel_->renew()) return false;
    log_->warning("the line is back after {} hang-ups", hang_ups_);
    was_up_ = true;
    return true;
  }
  // After it was used.
  void look_for_hang_up() noexcept TAKT_RT {
    if (!was_up_ || channel_->is_up()) return;
    was_up_ = false;
    ++hang_ups_;
    log_->error("the line hung up (errno {}): tried again every 100 ms until it is back",
                channel_->hang_up_errno());
  }

 private:
  Param<std::string> device_;
  Param<std::int64_t> baud_;
  Param<std::string> parity_;
  Param<std::int64_t> stop_bits_;
  std::unique_ptr<bus::SerialChannel> channel_;
  Logger* log_ = nullptr;
  std::uint64_t hang_ups_ = 0;
  bool was_up_ = true;
};

}  // namespace takt::nodes
