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

#include <takt/node/node.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/filter/filter_node.hpp"

namespace takt::nodes {
namespace {

class TransferFunction final : public FilterNode {
 public:
  Result<void> configure(NodeContext& context) override {
    const auto numerator = parse_coefficients("num", num.value(), kFilterOrderMax + 1);
    if (!numerator) return numerator.error();
    const auto denominator = parse_coefficients("den", den.value(), kFilterOrderMax + 1);
    if (!denominator) return denominator.error();
    const double h = std::chrono::duration<double>(context.period).count();
    return use(*numerator, *denominator, h,
               method.value() == "zoh" ? Discretisation::zoh : Discretisation::tustin);
  }

 private:
  Param<std::string> num{*this, "num", {.summary = "Numerator, the highest power of s first"}};
  Param<std::string> den{*this, "den", {.summary = "Denominator, the highest power of s first"}};
  Param<std::string> method{
      *this,
      "method",
      {.summary = "How it is made discrete", .fallback = "tustin", .choices = {"tustin", "zoh"}}};
};

TAKT_NODE(TransferFunction, "filter/transfer_function",
          "Filters by a rational transfer function: low-pass, lead, lag, notch, rate.");

}  // namespace
}  // namespace takt::nodes
