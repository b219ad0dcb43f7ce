// sensor/udp: publishes the newest number that has come as a UDP datagram.
//
//  output     type       unit  origin
//  value      Scalar           now: the release at which it was taken
//  link       LinkState        none; received, lost and wrong datagrams since the start
//
//  parameter  unit  default    range
//  address    -     127.0.0.1  of this machine, numeric; by default only this machine can send
//  port       -     none       1 to 65535
//  scale      -     1          not 0; `value` is scale * what the datagram carries
//
// The datagram is that of nodes/common/scalar_datagram.hpp. Each step takes all that has come, up
// to 64, without waiting, and publishes the newest; the socket's buffer keeps the rest for the
// next. No datagram since the step before: `value` is not published, so that its readers see it
// age; an old number never looks fresh. A datagram may be up to one period older than its origin
// stamp: the kernel holds it until then. Wrong datagrams (size, magic, NaN, infinity, a sequence
// that goes back) are counted and dropped. Whoever can reach the port can send: protect the network
// that it is on. First step: as every other. Reset: nothing to forget. Real time cost: one system
// call a datagram, and one more.
#include <cstdint>
#include <memory>
#include <string>

#include <takt/bus/udp.hpp>
#include <takt/node/node.hpp>

#include "nodes/sensor/scalar_receiver.hpp"

namespace takt::nodes {
namespace {

class UdpSensor final : public Node {
 public:
  UdpSensor() { require_period(); }

  Result<void> configure(NodeContext&) override {
    if (scale == 0.0) {
      return fail("scale is 0: every value would be read as 0", "give a scale other than 0");
    }
    auto opened = bus::UdpChannel::open(
        {.local_address = address, .local_port = static_cast<std::uint16_t>(port)});
    if (!opened) return opened.error();
    channel_ = std::move(*opened);
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (const auto newest = receiver_.newest(*channel_)) value.publish({.value = scale * *newest});
    link.publish(receiver_.link());
    return StepResult::ok;
  }

 private:
  Output<Scalar> value{
      *this, "value", {.summary = "The newest number that has come", .origin = Origin::now}};
  Output<LinkState> link{
      *this, "link", {.summary = "Datagrams since the start", .origin = Origin::none}};

  Param<std::string> address{
      *this, "address", {.summary = "Of this machine, numeric", .fallback = "127.0.0.1"}};
  Param<std::int64_t> port{
      *this, "port", {.summary = "At which datagrams arrive", .min = 1, .max = 65535}};
  Param<double> scale{
      *this, "scale", {.summary = "`value` is scale * what a datagram carries", .fallback = 1.0}};

  std::unique_ptr<bus::UdpChannel> channel_;
  ScalarReceiver receiver_;
};

TAKT_NODE(UdpSensor, "sensor/udp", "Publishes the newest number that has come as a UDP datagram.");

}  // namespace
}  // namespace takt::nodes
