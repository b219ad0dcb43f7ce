// controller/abs: keeps a braked wheel from locking, by letting its brake off and building it up.
//
//  input          type    unit   remark
//  wheel_speed    Scalar  rad/s  of the braked wheel; the outputs inherit its origin
//  vehicle_speed  Scalar  m/s    over the ground, forwards
//
//  output         type    unit   origin
//  output         Scalar         inherited from `wheel_speed`: 1 build pressure up, 0 hold, -1 let
//                                it off
//  slip           Scalar         inherited: 0 the wheel rolls, 1 it is locked
//
//  parameter      unit  default   range
//  wheel_radius   m     required  from 0.001
//  desired_slip   -     0.2       from 0.01 to 0.99: where the tyre holds best
//  enable_speed   m/s   0.3       from 0.001: slower than it the last slip stands
//  active         -     true      false: without regard to the slip, output 1: for comparison
//
// The rule, and its source, stand in anti_lock.hpp. The slip has no meaning as the vehicle comes to
// rest, so below `enable_speed` it is frozen: 0 when the vehicle has never been faster, and the
// brake is built up.
// First step: as every other.
// Stale speed on `safe`: nothing is sent; the valve's safe value is the actuator's. On `hold`: the
// old sample is used.
// NaN or infinity in a speed: NaN, which the loop refuses; the slip before is kept, also over a
// reset.
// Started again after its process died: the frozen slip is that of its last whole step.
// Real time cost: about 5 floating-point operations.
#include <takt/node/node.hpp>

#include "nodes/controller/anti_lock.hpp"

namespace takt::nodes {
namespace {

struct AbsState {
  double slip;
};
TAKT_SAMPLE(AbsState, (slip));

class Abs final : public Node {
 public:
  Result<void> configure(NodeContext&) override {
    algorithm_ = AntiLock({.desired_slip = desired_slip,
                           .wheel_radius = wheel_radius,
                           .enable_speed = enable_speed,
                           .active = active});
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    const double command = algorithm_.step(wheel_speed->value, vehicle_speed->value);
    *state = {.slip = algorithm_.slip()};
    output.publish({.value = command});
    slip.publish({.value = algorithm_.slip()});
    return StepResult::ok;
  }

  void restored() noexcept override { algorithm_.restore(state->slip); }

 private:
  Input<Scalar> wheel_speed{
      *this,
      "wheel_speed",
      {.summary = "Of the braked wheel", .unit = "rad/s", .measurement = true}};
  Input<Scalar> vehicle_speed{
      *this, "vehicle_speed", {.summary = "Over the ground, forwards", .unit = "m/s"}};
  Output<Scalar> output{*this, "output", {.summary = "1 build up, 0 hold, -1 let off"}};
  Output<Scalar> slip{*this, "slip", {.summary = "0 the wheel rolls, 1 it is locked", .unit = "1"}};
  State<AbsState> state{*this};

  Param<double> wheel_radius{
      *this, "wheel_radius", {.summary = "Of the rolling wheel", .unit = "m", .min = 1e-3}};
  Param<double> desired_slip{
      *this,
      "desired_slip",
      {.summary = "Where the tyre holds best", .fallback = 0.2, .min = 0.01, .max = 0.99}};
  Param<double> enable_speed{*this,
                             "enable_speed",
                             {.summary = "Slower than it the last slip stands",
                              .unit = "m/s",
                              .fallback = 0.3,
                              .min = 1e-3}};
  Param<bool> active{
      *this, "active", {.summary = "false: the brake is always built up", .fallback = true}};

  AntiLock algorithm_;
};

TAKT_NODE(Abs, "controller/abs",
          "Keeps a braked wheel from locking: bang-bang control of its slip.");

}  // namespace
}  // namespace takt::nodes
