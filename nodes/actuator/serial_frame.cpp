// actuator/serial_frame: drives a device with one number, sent as frames over a serial line.
//
//  input       type    unit  remark
//  command     Scalar        the graph must limit its age
//
//  output      type    unit  origin
//  applied     Scalar        inherited from the trigger; the device's channel: what it was sent, in
//                            the unit of `command`; safe value from the graph (`safe:`)
//
//  parameter   unit  default  range
//  device      -     none     path of the line, as /dev/ttyUSB0 or a name in /dev/serial/by-id
//  baud        -     115200   rates that termios has names for, 50 to 4000000
//  parity      -     none     none, even, odd
//  stop_bits   -     1        1, 2
//  scale       -     1        not 0; the datagram carries scale * applied
//  after_loss  -     safe     safe, resume: what is driven when the line is back
//
// The datagram is that of nodes/common/scalar_datagram.hpp, in a frame of <takt/bus/frame.hpp>: at
// most 39 bytes on the line. A rate at which that takes longer than the period is refused.
// Owns a device: the graph says `on_silence:`. `configure` opens the line, for this process alone,
// and the safe value is the first frame of all; it is sent again at every stale step, and last of
// all at the end. What the device says on this line is not read.
// A line that hangs up (pulled out, EIO): logged, counted as unsent, `applied` is not published;
// the device is left to its own time-out. A thread beside the loop opens the line anew, ten times a
// second (takt/bus/serial.hpp). The first frame on it is the safe value. With `after_loss: safe` so
// are all others until the graph has been disarmed, or this actuator stale: a plug that somebody
// puts back moves nothing. With `resume` commands follow at once.
// First step: as every other.
// NaN or infinity in the command: the loop refuses it, and the command before stays. A finite one
// that `scale` makes infinite is not sent either.
// A frame for which the driver has no room: logged, `applied` is not published.
// Reset: nothing to forget.
// Real time cost: one system call that does not wait, about 3 us on a pseudo-terminal.
#include <chrono>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/device.hpp>

#include "nodes/actuator/scalar_sender.hpp"
#include "nodes/common/serial_line.hpp"

namespace takt::nodes {
namespace {

class SerialActuator final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    if (auto done = sender.configure(context); !done) return done.error();
    const double frame = bus::seconds_on_the_line(kScalarDatagramBytes, line.options(context));
    const double period = std::chrono::duration<double>(context.period).count();
    if (period > 0.0 && frame > period) {
      return fail(format("a frame takes {:.3g} ms on the line, and one is sent every {:.3g} ms",
                         frame * 1e3, period * 1e3),
                  "give a higher `baud` or a longer period");
    }
    resumes_ = after_loss.value() == "resume";
    return line.open(context, false);
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    applied.publish(is_held_safe_ ? applied.safe_value() : *command);
    return StepResult::ok;
  }

  // Disarmed or stale: who lets it act after this means it.
  void stale(const Cycle&) noexcept TAKT_RT override {
    if (line.channel().is_up()) is_held_safe_ = false;
  }

 private:
  bool drive(const Scalar& sample, const SampleHeader& header) noexcept TAKT_RT {
    if (line.has_come_back()) {
      sender.send(line.channel(), applied.safe_value().value, header);
      is_held_safe_ = !resumes_;
      if (is_held_safe_) return false;  // Not with what this step has asked for.
    }
    if (!line.channel().is_up()) return false;
    const bool is_driven = sender.send(line.channel(), sample.value, header);
    line.look_for_hang_up();
    return is_driven;
  }

  Input<Scalar> command{*this, "command", {.summary = "What is asked for", .command = true}};
  DeviceOutput<Scalar> applied{*this,
                               "applied",
                               &SerialActuator::drive,
                               {.summary = "What the device was sent, in the unit of `command`"}};

  SerialLine line{*this};
  ScalarSender sender{*this};
  Param<std::string> after_loss{*this,
                                "after_loss",
                                {.summary = "What is driven when a line that hung up is back",
                                 .fallback = "safe",
                                 .choices = {"safe", "resume"}}};
  bool resumes_ = false;
  bool is_held_safe_ = false;
};

TAKT_NODE(SerialActuator, "actuator/serial_frame",
          "Drives a device with one number, sent as frames over a serial line.");

}  // namespace
}  // namespace takt::nodes
