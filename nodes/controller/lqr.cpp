// controller/lqr: u = nbar * reference - K x, with K computed from the process and two weights.
//
//  input      type         unit  remark
//  state      StateVector        the whole state, in the order of `a`; the output inherits its
//                                origin
//  reference  Scalar             optional: 0 without it
//
//  output     type         unit  origin
//  output     Scalar             inherited from `state`
//
//  parameter  unit  default   range
//  a          -     required  n x n, n from 1 to 8: x' = a x + b u in continuous time and SI units
//  b          -     required  n numbers
//  q          -     required  n x n, symmetric, positive semidefinite: weight of the state
//  r          -     required  above 0: weight of the input
//  c          -     none      n numbers: c x settles on the reference, nbar is computed
//  nbar       -     0         any; gain of the reference as given, instead of `c`
//
//  Rows are separated by ';': a: "0 1; 0 -0.5"; a diagonal is q: "diag(100, 1)".
//
// The process is made discrete at the period of the node's trigger chain, exactly for an input that
// is held; K is that of dlqr: it minimises the sum over the samples of x' q x + r u^2. The
// equations, and their sources, stand in lqr_design.hpp. K and nbar are logged at the start. There
// is one input; an output that comes later than the period is not in the model.
// Refused at the start: sizes that do not fit, a q that is no weight, a process with a mode that
// does not decay and that b does not move (the pair is not stabilisable) or q does not weigh.
//
// There is no memory: the first step is as every other, and neither a reset nor a new start after
// its process died forgets anything.
// A state with another number of values than `a` has rows: the node fails, and the graph stops
// through its safe state; the gains were made for another process.
// Stale state on `safe`: nothing is sent. On `hold`: the old sample is used.
// NaN or infinity in the state or the reference: so is the output, which the loop refuses to send.
// Real time cost: two floating-point operations a gain; the design is done at the start.
#include <chrono>
#include <cstddef>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/common/matrix_params.hpp"
#include "nodes/controller/lqr_design.hpp"

namespace takt::nodes {
namespace {

class Lqr final : public Node {
 public:
  Lqr() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const double h = std::chrono::duration<double>(context.period).count();
    const auto process = parse_square("a", a.value());
    if (!process) return process.error();
    order_ = process->order;
    const auto input = parse_states("b", b.value(), order_);
    if (!input) return input.error();
    const auto weight = parse_weight("q", q.value(), order_);
    if (!weight) return weight.error();
    if (!(r > 0.0)) {
      return fail(format("r is {}: the weight of the input is above 0", r.value()),
                  "give a small r for an input that costs little");
    }
    const DiscreteSystem system = discretise_held(process->matrix, *input, order_, h);
    const auto gains = design_lqr(system, *weight, r);
    if (!gains) return gains.error();
    gains_ = *gains;

    nbar_ = nbar;
    if (auto checked = check_reference(); !checked) return checked;
    if (!c.value().empty()) {
      const auto row = parse_states("c", c.value(), order_);
      if (!row) return row.error();
      const auto gain = reference_gain(system, *row, gains_);
      if (!gain) return gain.error();
      nbar_ = *gain;
    }
    log_ = &context.log();
    for (std::size_t i = 0; i < order_; ++i) log_->info("k{} = {}", i + 1, gains_[i]);
    if (reference.connected()) log_->info("nbar = {}", nbar_);
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (state->x.size() != order_) {
      log_->error("the state has {} values and `a` has {} rows", state->x.size(), order_);
      return StepResult::failed;
    }
    double u = reference.has_value() ? nbar_ * reference->value : 0.0;
    for (std::size_t i = 0; i < order_; ++i) u -= gains_[i] * state->x[i];
    output.publish({.value = u});
    return StepResult::ok;
  }

 private:
  // The reference has a gain, one gain, and a gain has its reference.
  Result<void> check_reference() const {
    const bool computed = !c.value().empty();
    if (computed && nbar != 0.0) {
      return fail("both c and nbar are given", "leave nbar out to have it computed from c");
    }
    const bool has_gain = computed || nbar != 0.0;
    if (has_gain && !reference.connected()) {
      return fail(format("{} is given, but the input `reference` is not connected",
                         computed ? "c" : "nbar"),
                  "connect it, or leave c and nbar out");
    }
    if (!has_gain && reference.connected()) {
      return fail("the input `reference` is connected, but has no gain",
                  "give c, the output that shall settle on it, or nbar");
    }
    return {};
  }

  Input<StateVector> state{
      *this, "state", {.summary = "The whole state, in the order of `a`", .measurement = true}};
  Input<Scalar> reference{
      *this, "reference", {.summary = "Where `c x` shall settle", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "The command", .origin = Origin::inherit}};

  Param<std::string> a{*this, "a", {.summary = "Of x' = a x + b u, rows separated by ';'"}};
  Param<std::string> b{*this, "b", {.summary = "Of x' = a x + b u, one number a state"}};
  Param<std::string> q{*this, "q", {.summary = "Weight of the state, a matrix or diag(...)"}};
  Param<double> r{*this, "r", {.summary = "Weight of the input, above 0"}};
  Param<std::string> c{
      *this,
      "c",
      {.summary = "What settles on the reference: c x, one number a state", .fallback = ""}};
  Param<double> nbar{
      *this, "nbar", {.summary = "Gain of the reference, instead of c", .fallback = 0.0}};

  StateNumbers gains_{};
  std::size_t order_ = 0;
  double nbar_ = 0.0;
  Logger* log_ = nullptr;
};

TAKT_NODE(Lqr, "controller/lqr",
          "Feeds a state back with gains computed from the process and two weights.");

}  // namespace
}  // namespace takt::nodes
