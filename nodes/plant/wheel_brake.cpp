// plant/wheel_brake: a vehicle that is braked by one wheel, with its hydraulics: the ABS problem.
//
//  input        type        unit   remark
//  valve        Scalar             of the brake: 1 fills, -1 empties, limited to that range
//
//  output       type        unit   origin
//  state        WheelState         now: speed, wheel_speed, slip, distance, pressure
//  speed        Scalar      m/s    now: of the vehicle
//  wheel_speed  Scalar      rad/s  now: of the wheel
//  slip         Scalar             now: 0 rolls freely, 1 is locked
//
//  parameter            unit    default          range
//  mass                 kg      729.6951468603   from 1e-3; 50 slug
//  gravity              m/s2    9.808464         from 0; 32.18 ft/s2
//  load_share           -       0.25             0 to 1; of the weight, on this wheel
//  radius               m       0.381            from 1e-3; 1.25 ft
//  inertia              kg.m2   6.779089741657   from 1e-6; of the wheel; 5 slug ft2
//  torque_per_pressure  N.m/Pa  1.96644768e-4    from 0; 1 lbf ft/psi
//  pressure_max         Pa      10342135.93975   from 0; 1500 psi
//  pressure_rate        Pa/s    689475.7293168   from 0; of an open valve; 100 psi/s
//  valve_lag            s       0.01             from 1e-4; time constant of the valve
//  friction             -       published        2 to 41 numbers: mu at slip 0 ... 1, equal steps
//  initial_speed        m/s     26.8224          from 0; 88 ft/s; the wheel rolls freely with it
//  stop_speed           m/s     0.3048           from 1e-3; 1 ft/s: a slower vehicle stands
//
// The defaults are the published example, which is in US units, as the same quantities in SI units:
// 1 ft = 0.3048 m, 1 slug = 14.593902937 kg, 1 psi = 6894.757293 Pa. One wheel's load brakes the
// whole mass, as published. Feet of stopping distance are `distance` / 0.3048.
//
// A step at t takes the valve's command u, advances the state from the release before to t with u
// held, and publishes the state at t (equations and substeps in wheel_brake_model.hpp). The wheel
// does not turn backwards. At stop_speed the vehicle stands at once: its speed, its wheel's and the
// slip are 0, the distance stays (0.02 m less than to a real stop), the pressure goes on.
// First step: publishes the initial state.
// Skipped releases: integrated, with the same bytes as if they had been run; of a stop of more than
// 1000 periods the first 10,000 substeps (5 s with the published values).
// Stale command on `safe`: nothing is sent, but a vehicle does not stop existing: it goes on with
// the command it last had. On `hold` the same, and its state is sent.
// NaN or infinity in the command: the last finite one (0 before any).
// Reset: back to the initial state. The same after its process died.
// Real time cost: about 0.2 us a substep, two of them in a period of 1 ms.
#include <algorithm>
#include <cmath>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/wheel_state.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/plant/wheel_brake_model.hpp"

namespace takt::nodes {
namespace {

class WheelBrake final : public Node {
 public:
  WheelBrake() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const auto curve = parse_coefficients("friction", friction.value(), FrictionCurve::kPointsMax);
    if (!curve) return curve.error();
    if (curve->size() < 2) {
      return fail("friction has one number", "give mu at slip 0, at slip 1, and between them");
    }
    WheelBrakeParameters parameters{.mass = mass,
                                    .gravity = gravity,
                                    .load_share = load_share,
                                    .radius = radius,
                                    .inertia = inertia,
                                    .torque_per_pressure = torque_per_pressure,
                                    .pressure_max = pressure_max,
                                    .pressure_rate = pressure_rate,
                                    .valve_lag = valve_lag,
                                    .stop_speed = stop_speed};
    parameters.friction.points = curve->size();
    std::copy(curve->begin(), curve->end(), parameters.friction.mu.begin());
    model_ = WheelBrakeModel(parameters, context.period);
    if (!model_.is_solvable()) {
      return fail(format("the wheel settles too fast at stop_speed {} m/s: it needs substeps below "
                         "10 us",
                         stop_speed.value()),
                  "raise stop_speed or inertia, or check the parameters and their units");
    }
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    state.publish({.speed = state_.speed,
                   .wheel_speed = state_.wheel_speed,
                   .slip = model_.slip(state_),
                   .distance = state_.distance,
                   .pressure = state_.pressure});
    speed.publish({.value = state_.speed});
    wheel_speed.publish({.value = state_.wheel_speed});
    slip.publish({.value = model_.slip(state_)});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    const double v = initial_speed > stop_speed ? initial_speed.value() : 0.0;
    state_ = {.speed = v, .wheel_speed = v / radius};
    started_ = false;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (valve.has_value() && std::isfinite(valve->value)) held_valve_ = valve->value;
    if (started_) state_ = model_.advance(state_, held_valve_, cycle.elapsed);
    started_ = true;
  }

  Input<Scalar> valve{*this, "valve", {.summary = "Of the brake: 1 fills, -1 empties"}};
  Output<WheelState> state{
      *this,
      "state",
      {.summary = "Speeds, slip, distance and pressure of one instant", .origin = Origin::now}};
  Output<Scalar> speed{
      *this, "speed", {.summary = "Of the vehicle", .unit = "m/s", .origin = Origin::now}};
  Output<Scalar> wheel_speed{
      *this, "wheel_speed", {.summary = "Of the wheel", .unit = "rad/s", .origin = Origin::now}};
  Output<Scalar> slip{
      *this, "slip", {.summary = "0 rolls freely, 1 is locked", .origin = Origin::now}};

  static constexpr WheelBrakeParameters kPublished{};

  Param<double> mass{
      *this,
      "mass",
      {.summary = "Of the vehicle", .unit = "kg", .fallback = kPublished.mass, .min = 1e-3}};
  Param<double> gravity{
      *this,
      "gravity",
      {.summary = "Acceleration", .unit = "m/s2", .fallback = kPublished.gravity, .min = 0.0}};
  Param<double> load_share{*this,
                           "load_share",
                           {.summary = "Of the weight, on this wheel",
                            .fallback = kPublished.load_share,
                            .min = 0.0,
                            .max = 1.0}};
  Param<double> radius{
      *this,
      "radius",
      {.summary = "Of the wheel", .unit = "m", .fallback = kPublished.radius, .min = 1e-3}};
  Param<double> inertia{
      *this,
      "inertia",
      {.summary = "Of the wheel", .unit = "kg.m2", .fallback = kPublished.inertia, .min = 1e-6}};
  Param<double> torque_per_pressure{*this,
                                    "torque_per_pressure",
                                    {.summary = "Of the brake",
                                     .unit = "N.m/Pa",
                                     .fallback = kPublished.torque_per_pressure,
                                     .min = 0.0}};
  Param<double> pressure_max{
      *this,
      "pressure_max",
      {.summary = "Of the brake", .unit = "Pa", .fallback = kPublished.pressure_max, .min = 0.0}};
  Param<double> pressure_rate{*this,
                              "pressure_rate",
                              {.summary = "Of an open valve",
                               .unit = "Pa/s",
                               .fallback = kPublished.pressure_rate,
                               .min = 0.0}};
  Param<double> valve_lag{*this,
                          "valve_lag",
                          {.summary = "Time constant of the valve",
                           .unit = "s",
                           .fallback = kPublished.valve_lag,
                           .min = 1e-4}};
  Param<std::string> friction{
      *this,
      "friction",
      {.summary = "mu at slip 0 ... 1, in equal steps",
       .fallback = "0 .4 .8 .97 1 .98 .96 .94 .92 .9 .88 .855 .83 .81 .79 .77 .75 .73 .72 .71 .7"}};
  Param<double> initial_speed{*this,
                              "initial_speed",
                              {.summary = "Of the vehicle, its wheel rolls freely",
                               .unit = "m/s",
                               .fallback = 26.8224,
                               .min = 0.0}};
  Param<double> stop_speed{*this,
                           "stop_speed",
                           {.summary = "A slower vehicle stands",
                            .unit = "m/s",
                            .fallback = kPublished.stop_speed,
                            .min = 1e-3}};

  WheelBrakeModel model_;
  WheelBrakeState state_;
  double held_valve_ = 0.0;
  bool started_ = false;
};

TAKT_NODE(WheelBrake, "plant/wheel_brake",
          "A vehicle that is braked by one wheel, with its hydraulics: the ABS problem.");

}  // namespace
}  // namespace takt::nodes
