// DeviceOutput: the channel through which a node drives a device. Includes node/node.hpp.
//
//   class Valve final : public takt::Node {
//     takt::Input<takt::Scalar> command{*this, "command", {.command = true}};
//     takt::DeviceOutput<takt::Scalar> applied{*this, "applied", &Valve::drive};
//     takt::Result<void> configure(takt::NodeContext&) override { return open the device; }
//     takt::StepResult step(const takt::Cycle&) noexcept TAKT_RT override {
//       applied.publish(*command);
//       return takt::StepResult::ok;
//     }
//     bool drive(const takt::Scalar& value, const takt::SampleHeader&) noexcept TAKT_RT {
//       return write `value` to the device, without waiting;
//     }
//   };
//
// The contract between the node that owns a device, the loop and the graph:
// - The graph gives the channel a safe value (`safe: {applied: 0 N}`), and says what the device
// does
//   by itself when nobody drives it any more (`on_silence:`).
// - `configure` opens the device. Right after it, before anything else happens, the loop drives the
//   safe value. A device that must have one before it is enabled finds it in `safe_value()`.
// - `step` and `safe_step` publish. What they leave behind is driven after they have returned, when
//   it is finite; a step that failed drives nothing.
// - While an input is stale, while the graph is not armed, and as the last thing before the node
//   ends, the loop drives the safe value. Once a step has acted, it may get there by `hold` and
//   `ramp` (`safe: {applied: {hold: 200ms, ramp: 1s, to: 0 N}}`), and what the node's `safe_step`
//   publishes comes before both.
// - Only what the device has taken is sent to the topic: `applied` is what the actuator really
// does,
//   fit to be the tracking input of a controller.
// - A node that dies can do none of this. Its device's own time-out is what is then left, and the
//   supervisor's last will: the node is made anew, configured, and so driven to its safe value.
#pragma once

#include <string_view>

#include <takt/node/node.hpp>

namespace takt {

// An output of samples of type `T` that a device is driven with.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
template <Sample T>
class DeviceOutput final : public OutputBase {
 public:
  // `drive` is called with the sample and its stamps, on the loop thread, with non-blocking I/O as
  // the only system calls it may make. False: the device did not take it.
  template <typename Owner>
  DeviceOutput(Owner& owner, std::string_view name,
               bool (Owner::*drive)(const T&, const SampleHeader&) noexcept,
               OutputOptions options = {})
      : OutputBase(owner, name, &layout_of<T>, options, {&staged_, &safe_, &call}),
        owner_(owner),
        drive_(static_cast<Drive>(drive)) {}

  // Stages `sample`: the device is driven with it after the step. Staging twice keeps the last.
  void publish(const T& sample) noexcept TAKT_RT { *static_cast<T*>(stage()) = sample; }

  // The graph's safe value, from `configure` on.
  const T& safe_value() const noexcept TAKT_RT { return safe_; }

 private:
  using Drive = bool (Node::*)(const T&, const SampleHeader&) noexcept;
  static bool call(OutputBase& base, const void* sample, const SampleHeader& header) noexcept
      TAKT_RT {
    auto& self = static_cast<DeviceOutput&>(base);
    return (self.owner_.*self.drive_)(*static_cast<const T*>(sample), header);
  }

  Node& owner_;
  Drive drive_;
  T staged_{};
  T safe_{};
};

}  // namespace takt
