// filter/transfer_function: num(s) / den(s), for low-passes, lead and lag, notches, rate estimates.
//
//  input   type    unit  remark
//  input   Scalar        what is filtered; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`
//
//  parameter  unit  default  range
//  num, den   -     required 1 to 9 numbers each, the highest power of s first; den begins with
//                            another one than 0; num is not of higher order than den
//  method     -     tustin   tustin, zoh
//  start      -     settled  settled, zero
//
//  10 Hz low-pass:        num: "62.83",   den: "1 62.83"
//  Lead compensator:      num: "200 400", den: "1 50"          200 (s + 2) / (s + 50)
//  Rate, filtered 10 ms:  num: "1 0",     den: "0.01 1"
//
// The equations stand in discrete_filter.hpp. The sample time is the period of the node's trigger
// chain, also after skipped releases.
//
// First step: `settled` as if the first input had stood for ever (no jump, no rate), `zero` as if
// the input had been 0. A den that ends with 0 integrates and never settles: it needs `zero`.
// Stale input on `safe`: nothing is sent; the next fresh sample is a first step. On `hold`: the old
// sample is used.
// NaN or infinity in the input: so is the output, which the loop refuses; the next one is a first
// step, as after every reset.
// Started again after its process died: goes on from its last whole step.
// Real time cost: four floating-point operations an order.
#include <chrono>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/filter/discrete_filter.hpp"

namespace takt::nodes {
namespace {

struct FilterState {
  DiscreteFilter::State state;
};
TAKT_SAMPLE(FilterState, (state));

class TransferFunction final : public Node {
 public:
  TransferFunction() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const auto numerator = parse_coefficients("num", num.value(), kFilterOrderMax + 1);
    if (!numerator) return numerator.error();
    const auto denominator = parse_coefficients("den", den.value(), kFilterOrderMax + 1);
    if (!denominator) return denominator.error();
    const double h = std::chrono::duration<double>(context.period).count();
    const auto transfer =
        discretise(*numerator, *denominator, h,
                   method.value() == "zoh" ? Discretisation::zoh : Discretisation::tustin);
    if (!transfer) return transfer.error();
    settles_ = start.value() == "settled";
    if (settles_ && denominator->back() == 0.0) {
      return fail("den ends with 0: the filter integrates and never settles",
                  "write `start: zero`");
    }
    filter_ = DiscreteFilter(*transfer);
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (!has_begun_) {
      filter_.clear();
      if (settles_) filter_.settle(input->value);
      has_begun_ = true;
    }
    const double filtered = filter_.step(input->value);
    *state = {.state = filter_.state()};
    output.publish({.value = filtered});
    return StepResult::ok;
  }

  void restored() noexcept override {
    filter_.restore(state->state);
    has_begun_ = true;  // There is a snapshot only of a whole step.
  }
  void stale(const Cycle&) noexcept TAKT_RT override { has_begun_ = false; }
  void reset() noexcept TAKT_RT override { has_begun_ = false; }

 private:
  Input<Scalar> input{*this, "input", {.summary = "What is filtered", .measurement = true}};
  Output<Scalar> output{*this, "output", {.summary = "The filtered value"}};
  State<FilterState> state{*this};

  Param<std::string> num{*this, "num", {.summary = "Numerator, the highest power of s first"}};
  Param<std::string> den{*this, "den", {.summary = "Denominator, the highest power of s first"}};
  Param<std::string> method{
      *this,
      "method",
      {.summary = "How it is made discrete", .fallback = "tustin", .choices = {"tustin", "zoh"}}};
  Param<std::string> start{*this,
                           "start",
                           {.summary = "What the input was before the first sample",
                            .fallback = "settled",
                            .choices = {"settled", "zero"}}};

  DiscreteFilter filter_;
  bool settles_ = true;
  bool has_begun_ = false;
};

TAKT_NODE(TransferFunction, "filter/transfer_function",
          "Filters by a rational transfer function: low-pass, lead, lag, notch, rate.");

}  // namespace
}  // namespace takt::nodes
