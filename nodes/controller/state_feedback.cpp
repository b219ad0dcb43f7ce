// controller/state_feedback: u = nbar * reference - (k1 x1 + k2 x2 + ...), with gains as given.
//
//  input      type         unit  remark
//  state      StateVector        the whole state; the output inherits its origin
//  reference  Scalar             optional: 0 without it
//
//  output     type         unit  origin
//  output     Scalar             inherited from `state`
//
//  parameter  unit  default  range
//  k1 ... k8  -     0        any; the row of K, for example from lqr or dlqr
//  nbar       -     0        any; gain of the reference, so that the output settles on it
//
// There is no memory: the first step is as every other, and a reset forgets nothing.
// A state with fewer values than there are gains: the node fails, and the graph stops through its
// safe state; what it would compute is not what the gains were made for.
// Stale state on `safe`: nothing is sent. On `hold`: the old sample is used.
// NaN or infinity in a value up to the last gain, or in the reference: so is the output, which
// the loop refuses to send.
// Real time cost: two floating-point operations a gain.
#include <array>
#include <cstddef>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

namespace takt::nodes {
namespace {

class StateFeedback final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    gains_ = {k1, k2, k3, k4, k5, k6, k7, k8};
    order_ = 0;
    for (std::size_t i = 0; i < gains_.size(); ++i) {
      if (gains_[i] != 0.0) order_ = i + 1;
    }
    if (order_ == 0) return fail("every gain is 0: the state is not fed back", "give k1 ... k8");
    if (nbar != 0.0 && !reference.connected()) {
      return fail(format("nbar is {}, but the input `reference` is not connected", nbar.value()),
                  "connect it, or leave nbar out");
    }
    log_ = &context.log();
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (state->x.size() < order_) {
      log_->error("the state has {} values and the gains need {}", state->x.size(), order_);
      return StepResult::failed;
    }
    double u = reference.has_value() ? nbar * reference->value : 0.0;
    for (std::size_t i = 0; i < order_; ++i) u -= gains_[i] * state->x[i];
    output.publish({.value = u});
    return StepResult::ok;
  }

 private:
  Input<StateVector> state{*this, "state", {.summary = "The whole state", .measurement = true}};
  Input<Scalar> reference{
      *this, "reference", {.summary = "Where the process shall settle", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "The command", .origin = Origin::inherit}};

  Param<double> k1{*this, "k1", {.summary = "Gain of the first state", .fallback = 0.0}};
  Param<double> k2{*this, "k2", {.summary = "Gain of the second state", .fallback = 0.0}};
  Param<double> k3{*this, "k3", {.summary = "Gain of the third state", .fallback = 0.0}};
  Param<double> k4{*this, "k4", {.summary = "Gain of the fourth state", .fallback = 0.0}};
  Param<double> k5{*this, "k5", {.summary = "Gain of the fifth state", .fallback = 0.0}};
  Param<double> k6{*this, "k6", {.summary = "Gain of the sixth state", .fallback = 0.0}};
  Param<double> k7{*this, "k7", {.summary = "Gain of the seventh state", .fallback = 0.0}};
  Param<double> k8{*this, "k8", {.summary = "Gain of the eighth state", .fallback = 0.0}};
  Param<double> nbar{*this, "nbar", {.summary = "Gain of the reference", .fallback = 0.0}};

  std::array<double, kStatesMax> gains_{};
  std::size_t order_ = 0;
  Logger* log_ = nullptr;
};

TAKT_NODE(StateFeedback, "controller/state_feedback",
          "Feeds a state back with gains as given, and a gain for the reference.");

}  // namespace
}  // namespace takt::nodes
