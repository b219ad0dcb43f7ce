// actuator/udp: drives a device with one number, sent as UDP datagrams.
//
//  input      type    unit  remark
//  command    Scalar        the graph must limit its age
//
//  output     type    unit  origin
//  applied    Scalar        inherited from the trigger; the device's channel: what it was sent, in
//                           the unit of `command`; safe value from the graph (`safe:`)
//
//  parameter  unit  default    range
//  address    -     127.0.0.1  numeric, IPv4 or IPv6; by default nothing leaves this machine
//  port       -     none       1 to 65535
//  scale      -     1          not 0; the datagram carries scale * applied
//
// The datagram is that of nodes/common/scalar_datagram.hpp: magic "TKT1", incarnation, sequence,
// stamp, value. Its sequence counts what was sent, its stamp is that of the sample on `applied`.
// Owns a device: the graph says `on_silence:`. `configure` opens the socket, and the safe value is
// the first datagram of all; it is sent again at every stale step, and last of all at the end.
// Datagrams may be lost without a word, the last one too: the far end needs a time-out of its own.
// First step: as every other.
// NaN or infinity in the command: the loop refuses it, and the command before stays. A finite one
// that `scale` makes infinite is not sent either.
// A datagram that the system does not take: logged, `applied` is not published.
// Reset: nothing to forget.
// Real time cost: one system call that does not wait, about 3 us over loopback.
#include <cstdint>
#include <memory>
#include <string>

#include <takt/bus/udp.hpp>
#include <takt/node/device.hpp>

#include "nodes/actuator/scalar_sender.hpp"

namespace takt::nodes {
namespace {

class UdpActuator final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    if (auto done = sender.configure(context); !done) return done.error();
    auto opened = bus::UdpChannel::open(
        {.remote_address = address, .remote_port = static_cast<std::uint16_t>(port)});
    if (!opened) return opened.error();
    channel_ = std::move(*opened);
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    applied.publish({.value = command->value});
    return StepResult::ok;
  }

 private:
  bool drive(const Scalar& sample, const SampleHeader& header) noexcept TAKT_RT {
    return sender.send(*channel_, sample.value, header);
  }

  Input<Scalar> command{*this, "command", {.summary = "What is asked for", .command = true}};
  DeviceOutput<Scalar> applied{*this,
                               "applied",
                               &UdpActuator::drive,
                               {.summary = "What the device was sent, in the unit of `command`"}};

  Param<std::string> address{
      *this, "address", {.summary = "Of the device, numeric", .fallback = "127.0.0.1"}};
  Param<std::int64_t> port{
      *this, "port", {.summary = "At which the device listens", .min = 1, .max = 65535}};
  ScalarSender sender{*this};

  std::unique_ptr<bus::UdpChannel> channel_;
};

TAKT_NODE(UdpActuator, "actuator/udp", "Drives a device with one number, sent as UDP datagrams.");

}  // namespace
}  // namespace takt::nodes
