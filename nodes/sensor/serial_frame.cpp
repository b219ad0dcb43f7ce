// sensor/serial_frame: publishes the newest number that has come as a frame over a serial line.
//
//  output     type       unit  origin
//  value      Scalar           now: the release at which it was taken
//  link       LinkState        none; received, lost and wrong frames since the start
//
//  parameter  unit  default  range
//  device     -     none     path of the line, as /dev/ttyUSB0 or a name in /dev/serial/by-id
//  baud       -     115200   rates that termios has names for, 50 to 4000000
//  parity     -     none     none, even, odd
//  stop_bits  -     1        1, 2
//  scale      -     1        not 0; `value` is scale * what the frame carries
//
// The datagram is that of nodes/common/scalar_datagram.hpp, in a frame of <takt/bus/frame.hpp>.
// Each step takes all that has come, up to 2048 frames, without waiting, and publishes the newest.
// No frame since the step before: `value` is not published, so that its readers see it age; an old
// number does not look fresh. (After a standstill of this process longer than 64 KiB of frames, two
// steps may, until the kernel has handed on what it held.) What has come before the line was opened
// is thrown away. A frame may be older than its origin stamp by its time on the line, its way
// through the kernel's worker and this node's reading thread, neither of them real time, and up to
// one period. Wrong frames (CRC, cut off, garbage, size, magic, NaN, infinity, a sequence that goes
// back) are counted and dropped.
// A line that hangs up (pulled out, EIO): logged; `value` is not published, so its readers turn
// stale. A thread beside the loop opens the line anew, ten times a second (takt/bus/serial.hpp).
// First step: as every other. Reset: nothing to forget.
// Real time cost: no system call; about 0.01 us a byte.
#include <takt/node/node.hpp>

#include "nodes/common/serial_line.hpp"
#include "nodes/sensor/scalar_receiver.hpp"

namespace takt::nodes {
namespace {

// More than the 64 KiB that wait beside the loop hold: a look reaches the newest.
constexpr int kFramesPerLook = 2048;

class SerialSensor final : public Node {
 public:
  SerialSensor() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    if (scale == 0.0) {
      return fail("scale is 0: every value would be read as 0", "give a scale other than 0");
    }
    return line.open(context, true);
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    line.has_come_back();
    const auto newest = receiver_.newest(line.channel());
    line.look_for_hang_up();
    if (newest) value.publish({.value = scale * *newest});
    link.publish(receiver_.link());
    return StepResult::ok;
  }

 private:
  Output<Scalar> value{
      *this, "value", {.summary = "The newest number that has come", .origin = Origin::now}};
  Output<LinkState> link{
      *this, "link", {.summary = "Frames since the start", .origin = Origin::none}};

  SerialLine line{*this};
  Param<double> scale{
      *this, "scale", {.summary = "`value` is scale * what a frame carries", .fallback = 1.0}};

  ScalarReceiver receiver_{kFramesPerLook};
};

TAKT_NODE(SerialSensor, "sensor/serial_frame",
          "Publishes the newest number that has come as a frame over a serial line.");

}  // namespace
}  // namespace takt::nodes
