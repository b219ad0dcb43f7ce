// plant/cart_pole: a pole that stands on a cart, moved by a force on the cart.
//
//  input             type         unit   remark
//  force             Scalar       N      on the cart, held between releases
//
//  output            type         unit   origin
//  state             StateVector         now: position m, velocity m/s, angle rad, rate rad/s
//  position          Scalar       m      now: of the cart
//  angle             Scalar       rad    now: of the pole, 0 upright, positive towards the front
//
//  parameter         unit    default  range
//  model             -       full     linear (about the upright, exact), full (Runge-Kutta)
//  cart_mass         kg      0.5      from 1e-6
//  pole_mass         kg      0.2      from 1e-6
//  friction          N.s/m   0.1      from 0; of the cart
//  inertia           kg.m2   0.006    from 0; of the pole about its centre of mass
//  length            m       0.3      from 1e-6; from the pivot to the centre of mass
//  gravity           m/s2    9.8      from 0
//  initial_position, initial_velocity, initial_angle, initial_rate   default 0
//
// A step at t takes the force F, advances the state from the release before to t with F held, and
// publishes the state at t (equations in cart_pole_model.hpp). The full model runs in substeps of
// at most 1 ms. There is no rail's end and no floor: a pole that falls swings through below. First
// step: publishes the initial state. Skipped releases: integrated, with the same bytes as if they
// had been run; a stop of more than 1000 periods in one interval, with longer substeps from 10 s
// on. Stale force on `safe`: nothing is sent, but a pole does not stop falling: it goes on with the
// force it last had, so no time is lost. On `hold` the same, and its state is sent. NaN or infinity
// in the force: the last finite one (0 N before any). Reset (the state left the range of double):
// back to the initial state. Real time cost: linear 20 multiplications a period, full about 0.1 us
// a substep.
#include <chrono>
#include <cmath>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/plant/cart_pole_model.hpp"

namespace takt::nodes {
namespace {

class CartPole final : public Node {
 public:
  CartPole() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const auto kind =
        model.value() == "linear" ? CartPoleModel::Kind::linear : CartPoleModel::Kind::full;
    model_ = CartPoleModel(kind,
                           {.cart_mass = cart_mass,
                            .pole_mass = pole_mass,
                            .friction = friction,
                            .inertia = inertia,
                            .length = length,
                            .gravity = gravity},
                           context.period);
    if (!model_.is_finite()) {
      return fail(format("a cart-pole with cart_mass {} kg, pole_mass {} kg, friction {} N.s/m, "
                         "inertia {} kg.m2, length {} m, gravity {} m/s2 cannot be advanced by {} "
                         "s: its figures leave the range of numbers",
                         cart_mass.value(), pole_mass.value(), friction.value(), inertia.value(),
                         length.value(), gravity.value(),
                         std::chrono::duration<double>(context.period).count()),
                  "check the parameters and their units");
    }
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    StateVector sample{};
    for (const double value : state_) sample.x.push_back(value);
    state.publish(sample);
    position.publish({.value = state_[0]});
    angle.publish({.value = state_[2]});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = {initial_position, initial_velocity, initial_angle, initial_rate};
    started_ = false;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (force.has_value() && std::isfinite(force->value)) held_force_ = force->value;
    if (started_) state_ = model_.advance(state_, held_force_, cycle.elapsed);
    started_ = true;
  }

  Input<Scalar> force{*this, "force", {.summary = "On the cart", .unit = "N"}};
  Output<StateVector> state{
      *this,
      "state",
      {.summary = "Position m, velocity m/s, angle rad, rate rad/s", .origin = Origin::now}};
  Output<Scalar> position{
      *this, "position", {.summary = "Of the cart", .unit = "m", .origin = Origin::now}};
  Output<Scalar> angle{
      *this, "angle", {.summary = "Of the pole, 0 upright", .unit = "rad", .origin = Origin::now}};

  Param<std::string> model{*this,
                           "model",
                           {.summary = "The equations: about the upright, or as they are",
                            .fallback = "full",
                            .choices = {"linear", "full"}}};
  Param<double> cart_mass{
      *this, "cart_mass", {.summary = "Of the cart", .unit = "kg", .fallback = 0.5, .min = 1e-6}};
  Param<double> pole_mass{
      *this, "pole_mass", {.summary = "Of the pole", .unit = "kg", .fallback = 0.2, .min = 1e-6}};
  Param<double> friction{
      *this, "friction", {.summary = "Of the cart", .unit = "N.s/m", .fallback = 0.1, .min = 0.0}};
  Param<double> inertia{*this,
                        "inertia",
                        {.summary = "Of the pole about its centre of mass",
                         .unit = "kg.m2",
                         .fallback = 0.006,
                         .min = 0.0}};
  Param<double> length{*this,
                       "length",
                       {.summary = "From the pivot to the pole's centre of mass",
                        .unit = "m",
                        .fallback = 0.3,
                        .min = 1e-6}};
  Param<double> gravity{
      *this, "gravity", {.summary = "Acceleration", .unit = "m/s2", .fallback = 9.8, .min = 0.0}};
  Param<double> initial_position{
      *this, "initial_position", {.summary = "At the start", .unit = "m", .fallback = 0.0}};
  Param<double> initial_velocity{
      *this, "initial_velocity", {.summary = "At the start", .unit = "m/s", .fallback = 0.0}};
  Param<double> initial_angle{
      *this, "initial_angle", {.summary = "At the start", .unit = "rad", .fallback = 0.0}};
  Param<double> initial_rate{
      *this, "initial_rate", {.summary = "At the start", .unit = "rad/s", .fallback = 0.0}};

  CartPoleModel model_;
  CartPoleState state_{};
  double held_force_ = 0.0;
  bool started_ = false;
};

TAKT_NODE(CartPole, "plant/cart_pole", "A pole that stands on a cart, moved by a force.");

}  // namespace
}  // namespace takt::nodes
