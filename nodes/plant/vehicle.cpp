// plant/vehicle: a car along its road, with engine, gears and hills.
//
//  input     type    unit   remark
//  throttle  Scalar         limited to 0 ... 1, held between releases
//  slope     Scalar  rad    optional: of the road, positive uphill; 0 without it
//  gear      Scalar         optional: 1, 2 ... instead of the parameter
//
//  output        type    unit   origin
//  speed         Scalar  m/s    now
//  distance      Scalar  m      now
//  engine_speed  Scalar  rad/s  now
//
//  parameter         unit   default         range
//  mass              kg     1600            from 1
//  gravity           m/s2   9.8             from 0
//  rolling           -      0.01            from 0; rolling resistance over weight, Cr
//  drag              -      0.32            from 0; Cd
//  air_density       kg/m3  1.3             from 0
//  area              m2     2.4             from 0; of the front
//  torque_max        N.m    190             from 0
//  torque_max_speed  rad/s  420             from 1e-3; of the engine, where it has torque_max
//  torque_falloff    -      0.4             from 0; beta
//  gears             -      40 25 16 12 10  1 to 8 numbers above 0: ratio over wheel radius, 1/m
//  gear              -      4               1 to the number of gears
//  initial_speed     m/s    0               any
//
// A step at t takes the throttle, advances the state from the release before to t with it held, and
// publishes the state at t (equations in vehicle_model.hpp, substeps of at most 10 ms). The slope
// is no command but the road itself: between two releases it runs linearly from the sample before
// to the newest one. At speed 0 rolling resistance holds the car; on a steeper road it rolls back.
// The clutch is ideal: in every gear the engine turns with the wheels and never stalls. A drag that
// would stop the car within milliseconds (air_density * drag * area * speed / mass above 200 1/s)
// is beyond the substeps.
// First step: publishes the initial state.
// Skipped releases: integrated, on a standing slope with the same bytes as if they had been run; a
// stop of more than 1000 periods in one interval, with longer substeps from 100 s on.
// Stale input on `safe`: nothing is sent, but a car does not stop existing: it goes on with what it
// last had. On `hold` the same, and its state is sent.
// NaN or infinity in an input: the last finite one (throttle 0, slope 0, the parameter's gear
// before any). A gear that does not exist: the nearest one that does.
// Reset (the state left the range of double): back to the initial state. The same after its process
// died.
// Real time cost: about 0.15 us a substep.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/plant/vehicle_model.hpp"

namespace takt::nodes {
namespace {

constexpr std::size_t kGearsMax = 8;

class Vehicle final : public Node {
 public:
  Vehicle() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const auto ratios = parse_coefficients("gears", gears.value(), kGearsMax);
    if (!ratios) return ratios.error();
    for (const double ratio : *ratios) {
      if (ratio <= 0.0) {
        return fail(format("gears holds {}", ratio), "a gear is above 0: ratio over wheel radius");
      }
    }
    std::copy(ratios->begin(), ratios->end(), ratios_.begin());
    gear_count_ = ratios->size();
    if (first_gear < 1 || static_cast<std::size_t>(first_gear) > gear_count_) {
      return fail(format("gear is {} and gears has {} numbers", first_gear.value(), gear_count_),
                  format("give a gear from 1 to {}", gear_count_));
    }
    model_ = VehicleModel({.mass = mass,
                           .gravity = gravity,
                           .rolling = rolling,
                           .drag = drag,
                           .air_density = air_density,
                           .area = area,
                           .torque_max = torque_max,
                           .torque_max_speed = torque_max_speed,
                           .torque_falloff = torque_falloff},
                          context.period);
    held_.gear = ratio_of(static_cast<double>(first_gear));
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    speed.publish({.value = state_.speed});
    distance.publish({.value = state_.distance});
    engine_speed.publish({.value = held_.gear * state_.speed});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = {.speed = initial_speed};
    started_ = false;
  }

 private:
  double ratio_of(double number) const noexcept TAKT_RT {
    const double nearest = std::clamp(std::round(number), 1.0, static_cast<double>(gear_count_));
    return ratios_[static_cast<std::size_t>(nearest) - 1];
  }

  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (throttle.has_value() && std::isfinite(throttle->value)) held_.throttle = throttle->value;
    if (gear.has_value() && std::isfinite(gear->value)) held_.gear = ratio_of(gear->value);
    held_.slope_from = held_.slope_to;
    if (slope.has_value() && std::isfinite(slope->value)) held_.slope_to = slope->value;
    if (started_) state_ = model_.advance(state_, held_, cycle.elapsed);
    started_ = true;
  }

  Input<Scalar> throttle{*this, "throttle", {.summary = "From 0 to 1"}};
  Input<Scalar> slope{
      *this,
      "slope",
      {.summary = "Of the road, positive uphill; 0 without it", .unit = "rad", .optional = true}};
  Input<Scalar> gear{
      *this, "gear", {.summary = "1, 2 ... instead of the parameter", .optional = true}};
  Output<Scalar> speed{
      *this, "speed", {.summary = "Along the road", .unit = "m/s", .origin = Origin::now}};
  Output<Scalar> distance{
      *this, "distance", {.summary = "Since the start", .unit = "m", .origin = Origin::now}};
  Output<Scalar> engine_speed{
      *this,
      "engine_speed",
      {.summary = "In the present gear", .unit = "rad/s", .origin = Origin::now}};

  static constexpr VehicleParameters kPublishedCar{};

  Param<double> mass{
      *this,
      "mass",
      {.summary = "Of the car", .unit = "kg", .fallback = kPublishedCar.mass, .min = 1.0}};
  Param<double> gravity{
      *this,
      "gravity",
      {.summary = "Acceleration", .unit = "m/s2", .fallback = kPublishedCar.gravity, .min = 0.0}};
  Param<double> rolling{*this,
                        "rolling",
                        {.summary = "Rolling resistance over weight, Cr",
                         .fallback = kPublishedCar.rolling,
                         .min = 0.0}};
  Param<double> drag{*this, "drag", {.summary = "Cd", .fallback = kPublishedCar.drag, .min = 0.0}};
  Param<double> air_density{*this,
                            "air_density",
                            {.summary = "Of the air",
                             .unit = "kg/m3",
                             .fallback = kPublishedCar.air_density,
                             .min = 0.0}};
  Param<double> area{
      *this,
      "area",
      {.summary = "Of the front", .unit = "m2", .fallback = kPublishedCar.area, .min = 0.0}};
  Param<double> torque_max{*this,
                           "torque_max",
                           {.summary = "Of the engine",
                            .unit = "N.m",
                            .fallback = kPublishedCar.torque_max,
                            .min = 0.0}};
  Param<double> torque_max_speed{*this,
                                 "torque_max_speed",
                                 {.summary = "Of the engine, where it has torque_max",
                                  .unit = "rad/s",
                                  .fallback = kPublishedCar.torque_max_speed,
                                  .min = 1e-3}};
  Param<double> torque_falloff{*this,
                               "torque_falloff",
                               {.summary = "How fast the torque falls beside that speed, beta",
                                .fallback = kPublishedCar.torque_falloff,
                                .min = 0.0}};
  Param<std::string> gears{*this,
                           "gears",
                           {.summary = "Ratio over wheel radius in 1/m, the first gear first",
                            .fallback = "40 25 16 12 10"}};
  Param<std::int64_t> first_gear{
      *this, "gear", {.summary = "1, 2 ...", .fallback = 4, .min = 1, .max = 8}};
  Param<double> initial_speed{
      *this, "initial_speed", {.summary = "At the start", .unit = "m/s", .fallback = 0.0}};

  VehicleModel model_;
  std::array<double, kGearsMax> ratios_{};
  std::size_t gear_count_ = 0;
  VehicleState state_;
  VehicleInputs held_;
  bool started_ = false;
};

TAKT_NODE(Vehicle, "plant/vehicle", "A car along its road, with engine, gears and hills.");

}  // namespace
}  // namespace takt::nodes
