// plant/suspension: a quarter of a car on a road: body, wheel, and an active force between them.
//
//  input       type         unit   remark
//  force       Scalar       N      optional: pushes body and wheel apart; 0 without it
//  road        Scalar       m      optional: height of the road; 0 without it; may have steps
//
//  output      type         unit   origin
//  deflection  Scalar       m      now: height of the body minus height of the wheel
//  body        Scalar       m      now: height of the body
//  state       StateVector         now: body m, its rate m/s, wheel m, its rate m/s
//
//  parameter   unit   default  range
//  m1          kg     2500     from 1e-6; a quarter of the body
//  m2          kg     320      from 1e-6; of the wheel
//  k1          N/m    80000    from 0; spring of the suspension
//  k2          N/m    500000   from 0; spring of wheel and tire
//  b1          N.s/m  350      from 0; damper of the suspension
//  b2          N.s/m  15020    from 0; damper of wheel and tire
//
// Heights count from rest on a road of height 0. A step at t takes force and road, advances the
// state from the release before to t with both held, and publishes the state at t. The solution is
// exact (suspension_model.hpp), whatever the period. First step: publishes rest.
// Skipped releases: integrated, with the same bytes as if they had been run.
// Stale input on `safe`: nothing is sent, but a car does not stop existing: it goes on with what it
// last had, so no time is lost. On `hold` the same, and its state is sent.
// NaN or infinity in an input: the last finite one (0 before any).
// Reset (the state left the range of double): back to rest. The same after its process died.
// Real time cost: 24 multiplications a period; about 25 us when the elapsed time is not a whole
// number of periods.
#include <chrono>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/plant/suspension_model.hpp"

namespace takt::nodes {
namespace {

class Suspension final : public Node {
 public:
  Suspension() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    model_ = SuspensionModel({.m1 = m1, .m2 = m2, .k1 = k1, .k2 = k2, .b1 = b1, .b2 = b2},
                             context.period);
    if (!model_.is_finite()) {
      return fail(format("a suspension with m1 {} kg, m2 {} kg, k1 {} N/m, k2 {} N/m, b1 {} N.s/m, "
                         "b2 {} N.s/m cannot be advanced by {} s: its figures leave the range of "
                         "numbers",
                         m1.value(), m2.value(), k1.value(), k2.value(), b1.value(), b2.value(),
                         std::chrono::duration<double>(context.period).count()),
                  "check the parameters and their units");
    }
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    StateVector sample{};
    sample.x.push_back(state_.body);
    sample.x.push_back(state_.body_velocity);
    sample.x.push_back(state_.wheel);
    sample.x.push_back(model_.wheel_velocity(state_, acting_road_));
    state.publish(sample);
    deflection.publish({.value = state_.body - state_.wheel});
    body.publish({.value = state_.body});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = {};
    started_ = false;
    acting_road_ = 0.0;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (force.has_value() && std::isfinite(force->value)) held_force_ = force->value;
    if (road.has_value() && std::isfinite(road->value)) held_road_ = road->value;
    if (started_) {
      state_ = model_.advance(state_, held_force_, held_road_, cycle.elapsed);
      acting_road_ = held_road_;
    }
    started_ = true;
  }

  Input<Scalar> force{
      *this,
      "force",
      {.summary = "Pushes body and wheel apart; 0 without it", .unit = "N", .optional = true}};
  Input<Scalar> road{
      *this,
      "road",
      {.summary = "Height of the road; 0 without it", .unit = "m", .optional = true}};
  Output<Scalar> deflection{
      *this,
      "deflection",
      {.summary = "Height of the body minus the wheel's", .unit = "m", .origin = Origin::now}};
  Output<Scalar> body{
      *this, "body", {.summary = "Height of the body", .unit = "m", .origin = Origin::now}};
  Output<StateVector> state{
      *this,
      "state",
      {.summary = "Body m, its rate m/s, wheel m, its rate m/s", .origin = Origin::now}};

  Param<double> m1{
      *this,
      "m1",
      {.summary = "A quarter of the body", .unit = "kg", .fallback = 2500.0, .min = 1e-6}};
  Param<double> m2{
      *this, "m2", {.summary = "Of the wheel", .unit = "kg", .fallback = 320.0, .min = 1e-6}};
  Param<double> k1{
      *this,
      "k1",
      {.summary = "Spring of the suspension", .unit = "N/m", .fallback = 80e3, .min = 0.0}};
  Param<double> k2{
      *this,
      "k2",
      {.summary = "Spring of wheel and tire", .unit = "N/m", .fallback = 500e3, .min = 0.0}};
  Param<double> b1{
      *this,
      "b1",
      {.summary = "Damper of the suspension", .unit = "N.s/m", .fallback = 350.0, .min = 0.0}};
  Param<double> b2{
      *this,
      "b2",
      {.summary = "Damper of wheel and tire", .unit = "N.s/m", .fallback = 15'020.0, .min = 0.0}};

  SuspensionModel model_;
  SuspensionState state_;
  double held_force_ = 0.0;
  double held_road_ = 0.0;
  double acting_road_ = 0.0;  // The one that the state has been advanced with.
  bool started_ = false;
};

TAKT_NODE(Suspension, "plant/suspension",
          "A quarter of a car on a road, with an active force between body and wheel.");

}  // namespace
}  // namespace takt::nodes
