// filter/lead_lag: gain (s + zero) / (s + pole): a lead with the pole above the zero, else a lag.
//
//  input   type    unit  remark
//  input   Scalar        what is filtered; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`
//
//  parameter  unit   default   range
//  zero       rad/s  required  from 0; 0: nothing at rest goes through (a washout)
//  pole       rad/s  required  above 0
//  gain       -      1         any; at high frequencies. At rest it is gain * zero / pole
//  method     -      tustin    tustin, zoh
//  start      -      settled   settled, zero
//
//  Lead compensator:  zero: 2 rad/s, pole: 50 rad/s, gain: 200    200 (s + 2) / (s + 50)
//
// A lead turns the phase by up to asin((pole - zero) / (pole + zero)), at sqrt(zero * pole).
// Source: Franklin, Powell, Emami-Naeini, "Feedback Control of Dynamic Systems", lead and lag
// compensation. The difference equation stands in discrete_filter.hpp. The sample time is the
// period of the node's trigger chain, also after skipped releases.
//
// First step: `settled` as if the first input had stood for ever (no jump), `zero` as if the input
// had been 0.
// Stale input on `safe`: nothing is sent; the next fresh sample is a first step. On `hold`: the old
// sample is used.
// NaN or infinity in the input: so is the output, which the loop refuses; the next one is a first
// step, as after every reset.
// Started again after its process died: goes on from its last whole step.
// Real time cost: four floating-point operations.
#include <chrono>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/filter/filter_node.hpp"

namespace takt::nodes {
namespace {

class LeadLag final : public FilterNode {
 public:
  Result<void> configure(NodeContext& context) override {
    if (!(pole > 0.0)) {
      return fail(format("pole is {} rad/s: the filter would never settle", pole.value()),
                  "give a pole above 0");
    }
    return use({gain, gain * zero}, {1.0, pole},
               std::chrono::duration<double>(context.period).count(),
               method.value() == "zoh" ? Discretisation::zoh : Discretisation::tustin);
  }

 private:
  Param<double> zero{
      *this, "zero", {.summary = "Where the gain begins to rise", .unit = "rad/s", .min = 0.0}};
  Param<double> pole{
      *this, "pole", {.summary = "Where the gain ceases to rise, above 0", .unit = "rad/s"}};
  Param<double> gain{*this, "gain", {.summary = "At high frequencies", .fallback = 1.0}};
  Param<std::string> method{
      *this,
      "method",
      {.summary = "How it is made discrete", .fallback = "tustin", .choices = {"tustin", "zoh"}}};
};

TAKT_NODE(LeadLag, "filter/lead_lag", "Lead or lag compensator, by its zero, pole and gain.");

}  // namespace
}  // namespace takt::nodes
