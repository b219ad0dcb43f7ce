// plant/pvtol: a planar aircraft with vectored thrust: sideways, up and roll.
//
//  input   type         unit   remark
//  f1      Scalar       N      sideways in the aircraft's frame, and rolls it
//  f2      Scalar       N      optional: upwards in the aircraft's frame; without it the weight
//
//  output  type         unit   origin
//  x       Scalar       m      now: sideways
//  y       Scalar       m      now: up
//  theta   Scalar       rad    now: roll, 0 upright; positive theta drives it to negative x
//  state   StateVector         now: x, y, theta and their rates
//
//  parameter  unit   default  range
//  model      -      full     linear (about hover, exact), full (Runge-Kutta)
//  mass       kg     4        from 1e-6
//  inertia    kg.m2  0.0475   from 1e-9; about the roll axis
//  arm        m      0.25     any; from the centre of mass to where f1 acts
//  gravity    m/s2   9.8      from 0
//  damping    N.s/m  0.05     from 0; of both directions
//  initial_x, initial_y m, initial_theta rad   default 0
//
// A step at t takes the forces, advances the state from the release before to t with them held, and
// publishes the state at t (equations in pvtol_model.hpp). The full model runs in substeps of at
// most 1 ms. There is no ground. First step: publishes the initial state.
// Skipped releases: integrated, with the same bytes as if they had been run; a stop of more than
// 1000 periods in one interval, with longer substeps from 10 s on.
// Stale input on `safe`: nothing is sent, but an aircraft does not stop falling: it goes on with
// what it last had, so no time is lost. On `hold` the same, and its state is sent.
// NaN or infinity in an input: the last finite one (f1 0, f2 the weight before any).
// Reset (the state left the range of double): back to the initial state. The same after its process
// died.
// Real time cost: linear 48 multiplications a period, full about 0.2 us a substep.
#include <chrono>
#include <cmath>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/plant/pvtol_model.hpp"

namespace takt::nodes {
namespace {

class Pvtol final : public Node {
 public:
  Pvtol() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    model_ = PvtolModel(
        model.value() == "linear" ? PvtolModel::Kind::linear : PvtolModel::Kind::full,
        {.mass = mass, .inertia = inertia, .arm = arm, .gravity = gravity, .damping = damping},
        context.period);
    if (!model_.is_finite()) {
      return fail(
          format("an aircraft with mass {} kg, inertia {} kg.m2, arm {} m, gravity {} m/s2, "
                 "damping {} N.s/m cannot be advanced by {} s: its figures leave the range "
                 "of numbers",
                 mass.value(), inertia.value(), arm.value(), gravity.value(), damping.value(),
                 std::chrono::duration<double>(context.period).count()),
          "check the parameters and their units");
    }
    held_f2_ = model_.hover();
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    StateVector sample{};
    for (const double value : state_) sample.x.push_back(value);
    state.publish(sample);
    x.publish({.value = state_[0]});
    y.publish({.value = state_[1]});
    theta.publish({.value = state_[2]});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = {initial_x, initial_y, initial_theta, 0.0, 0.0, 0.0};
    started_ = false;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (f1.has_value() && std::isfinite(f1->value)) held_f1_ = f1->value;
    if (f2.has_value() && std::isfinite(f2->value)) held_f2_ = f2->value;
    if (started_) state_ = model_.advance(state_, held_f1_, held_f2_, cycle.elapsed);
    started_ = true;
  }

  Input<Scalar> f1{*this, "f1", {.summary = "Sideways, and rolls it", .unit = "N"}};
  Input<Scalar> f2{
      *this, "f2", {.summary = "Upwards; without it the weight", .unit = "N", .optional = true}};
  Output<Scalar> x{*this, "x", {.summary = "Sideways", .unit = "m", .origin = Origin::now}};
  Output<Scalar> y{*this, "y", {.summary = "Up", .unit = "m", .origin = Origin::now}};
  Output<Scalar> theta{
      *this, "theta", {.summary = "Roll, 0 upright", .unit = "rad", .origin = Origin::now}};
  Output<StateVector> state{
      *this, "state", {.summary = "x m, y m, theta rad, and their rates", .origin = Origin::now}};

  Param<std::string> model{*this,
                           "model",
                           {.summary = "The equations: about hover, or as they are",
                            .fallback = "full",
                            .choices = {"linear", "full"}}};
  Param<double> mass{
      *this, "mass", {.summary = "Of the aircraft", .unit = "kg", .fallback = 4.0, .min = 1e-6}};
  Param<double> inertia{
      *this,
      "inertia",
      {.summary = "About the roll axis", .unit = "kg.m2", .fallback = 0.0475, .min = 1e-9}};
  Param<double> arm{
      *this,
      "arm",
      {.summary = "From the centre of mass to where f1 acts", .unit = "m", .fallback = 0.25}};
  Param<double> gravity{
      *this, "gravity", {.summary = "Acceleration", .unit = "m/s2", .fallback = 9.8, .min = 0.0}};
  Param<double> damping{
      *this,
      "damping",
      {.summary = "Of both directions", .unit = "N.s/m", .fallback = 0.05, .min = 0.0}};
  Param<double> initial_x{
      *this, "initial_x", {.summary = "At the start", .unit = "m", .fallback = 0.0}};
  Param<double> initial_y{
      *this, "initial_y", {.summary = "At the start", .unit = "m", .fallback = 0.0}};
  Param<double> initial_theta{
      *this, "initial_theta", {.summary = "At the start", .unit = "rad", .fallback = 0.0}};

  PvtolModel model_;
  PvtolState state_{};
  double held_f1_ = 0.0;
  double held_f2_ = 0.0;
  bool started_ = false;
};

TAKT_NODE(Pvtol, "plant/pvtol", "A planar aircraft with vectored thrust, linear or full.");

}  // namespace
}  // namespace takt::nodes
