// plant/dc_motor: a DC motor with a viscous load, driven by a voltage.
//
//  input            type    unit   remark
//  voltage          Scalar  V      held between releases
//
//  output           type    unit   origin
//  speed            Scalar  rad/s  now
//  current          Scalar  A      now
//
//  parameter        unit   default  range
//  j                kg.m2  0.01     from 1e-12; inertia of rotor and load
//  b                N.m.s  0.1      from 0; viscous friction
//  k                N.m/A  0.01     from 0; torque constant, and back-EMF constant in V.s/rad
//  r                ohm    1        from 0; resistance of the winding
//  l                H      0.5      from 1e-12; inductance of the winding
//  initial_speed    rad/s  0        any
//  initial_current  A      0        any
//
// A step at t takes the voltage u, advances the state from the release before to t with u held, and
// publishes the state at t. The solution is exact (dc_motor_model.hpp), whatever the period.
// First step: publishes the initial state.
// Skipped releases: integrated, with the same bytes as if they had been run.
// Stale voltage on `safe`: nothing is sent, but a motor does not stop existing: it goes on with the
// voltage it last had, so no time is lost. On `hold` the same, and its state is sent.
// NaN or infinity in the voltage: the last finite one (0 V before any).
// Reset (the state left the range of double): back to the initial state.
// Real time cost: 6 multiplications a period; about 1 us when the elapsed time is not a whole
// number of periods.
#include <chrono>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/plant/dc_motor_model.hpp"

namespace takt::nodes {
namespace {

class DcMotor final : public Node {
 public:
  DcMotor() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    model_ = DcMotorModel({.j = j, .b = b, .k = k, .r = r, .l = l}, context.period);
    if (!model_.is_finite()) {
      return fail(format("a motor with j {} kg.m2, b {} N.m.s, k {} N.m/A, r {} ohm, l {} H cannot "
                         "be advanced by {} s: its figures leave the range of numbers",
                         j.value(), b.value(), k.value(), r.value(), l.value(),
                         std::chrono::duration<double>(context.period).count()),
                  "check the parameters and their units");
    }
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    speed.publish({.value = state_.speed});
    current.publish({.value = state_.current});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = {.speed = initial_speed, .current = initial_current};
    started_ = false;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (voltage.has_value() && std::isfinite(voltage->value)) held_voltage_ = voltage->value;
    if (started_) state_ = model_.advance(state_, held_voltage_, cycle.elapsed);
    started_ = true;
  }

  Input<Scalar> voltage{*this, "voltage", {.summary = "Across the winding", .unit = "V"}};
  Output<Scalar> speed{
      *this, "speed", {.summary = "Of the shaft", .unit = "rad/s", .origin = Origin::now}};
  Output<Scalar> current{
      *this, "current", {.summary = "In the winding", .unit = "A", .origin = Origin::now}};

  Param<double> j{
      *this,
      "j",
      {.summary = "Inertia of rotor and load", .unit = "kg.m2", .fallback = 0.01, .min = 1e-12}};
  Param<double> b{
      *this, "b", {.summary = "Viscous friction", .unit = "N.m.s", .fallback = 0.1, .min = 0.0}};
  Param<double> k{*this,
                  "k",
                  {.summary = "Torque constant and back-EMF constant",
                   .unit = "N.m/A",
                   .fallback = 0.01,
                   .min = 0.0}};
  Param<double> r{
      *this,
      "r",
      {.summary = "Resistance of the winding", .unit = "ohm", .fallback = 1.0, .min = 0.0}};
  Param<double> l{
      *this,
      "l",
      {.summary = "Inductance of the winding", .unit = "H", .fallback = 0.5, .min = 1e-12}};
  Param<double> initial_speed{
      *this, "initial_speed", {.summary = "At the start", .unit = "rad/s", .fallback = 0.0}};
  Param<double> initial_current{
      *this, "initial_current", {.summary = "At the start", .unit = "A", .fallback = 0.0}};

  DcMotorModel model_;
  DcMotorState state_;
  double held_voltage_ = 0.0;
  bool started_ = false;
};

TAKT_NODE(DcMotor, "plant/dc_motor", "A DC motor with a viscous load, driven by a voltage.");

}  // namespace
}  // namespace takt::nodes
