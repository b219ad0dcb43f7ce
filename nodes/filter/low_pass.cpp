// filter/low_pass: a low-pass of first or second order, by its cut-off and damping.
//
//  input   type    unit  remark
//  input   Scalar        what is filtered; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`
//
//  parameter  unit   default    range
//  cutoff     Hz     none       above 0, below half of the sampling rate; this or `omega`
//  omega      rad/s  none       the cut-off as an angular frequency, instead of `cutoff`
//  order      -      1          1, 2
//  damping    -      1/sqrt(2)  from 0.01 to 100, of order 2; 1/sqrt(2): Butterworth
//  method     -      tustin     tustin, zoh, prewarped: tustin with the cut-off exactly in place
//  start      -      settled    settled, zero
//
// The gain at rest is 1. The equations, and their sources, stand in low_pass_design.hpp and
// discrete_filter.hpp. The sample time is the period of the node's trigger chain, also after
// skipped releases. Near half of the sampling rate `tustin` moves the cut-off down, by 8 % at a
// sixth of the sampling rate; `prewarped` does not.
//
// First step: `settled` as if the first input had stood for ever (no jump), `zero` as if the input
// had been 0.
// Stale input on `safe`: nothing is sent; the next fresh sample is a first step. On `hold`: the old
// sample is used.
// NaN or infinity in the input: so is the output, which the loop refuses; the next one is a first
// step, as after every reset.
// Started again after its process died: goes on from its last whole step.
// Real time cost: four floating-point operations an order.
#include <chrono>
#include <cstdint>
#include <numbers>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/filter/filter_node.hpp"
#include "nodes/filter/low_pass_design.hpp"

namespace takt::nodes {
namespace {

constexpr double kButterworth = 1.0 / std::numbers::sqrt2;

class LowPassNode final : public FilterNode {
 public:
  Result<void> configure(NodeContext& context) override {
    if ((cutoff == 0.0) == (omega == 0.0)) {
      return fail(cutoff == 0.0 ? "there is no cut-off" : "both cutoff and omega are given",
                  "give one of them: cutoff in Hz, or omega in rad/s");
    }
    if (order == 1 && damping != kButterworth) {
      return fail(format("damping is {}, but a filter of order 1 has none", damping.value()),
                  "leave it out, or write `order: 2`");
    }
    const double h = std::chrono::duration<double>(context.period).count();
    const auto design =
        design_low_pass({.order = order,
                         .omega = cutoff != 0.0 ? 2 * std::numbers::pi * cutoff : omega.value(),
                         .damping = damping,
                         .prewarped = method.value() == "prewarped"},
                        h);
    if (!design) return design.error();
    return use(design->num, design->den, h,
               method.value() == "zoh" ? Discretisation::zoh : Discretisation::tustin);
  }

 private:
  Param<double> cutoff{
      *this,
      "cutoff",
      {.summary = "The cut-off as a frequency", .unit = "Hz", .fallback = 0.0, .min = 0.0}};
  Param<double> omega{*this,
                      "omega",
                      {.summary = "The cut-off as an angular frequency, instead of `cutoff`",
                       .unit = "rad/s",
                       .fallback = 0.0,
                       .min = 0.0}};
  Param<std::int64_t> order{
      *this, "order", {.summary = "Of the filter", .fallback = 1, .min = 1, .max = 2}};
  Param<double> damping{
      *this,
      "damping",
      {.summary = "Of order 2", .fallback = kButterworth, .min = 0.01, .max = 100.0}};
  Param<std::string> method{*this,
                            "method",
                            {.summary = "How it is made discrete",
                             .fallback = "tustin",
                             .choices = {"tustin", "zoh", "prewarped"}}};
};

TAKT_NODE(LowPassNode, "filter/low_pass",
          "Low-pass of first or second order, by its cut-off and damping.");

}  // namespace
}  // namespace takt::nodes
