// filter/saturation: passes a value on within a range.
//
//  input   type    unit  remark
//  input   Scalar        what is limited; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`
//
//  parameter  unit  default   range
//  min, max   -     no limit  in the unit of `input`, min not above max; at least one is given
//
//  output = min(max(input, min), max)
//
// For set-points and between controllers; what drives an actuator is actuator/limiter, which has a
// safe value. A controller before it winds up unless its `tracking` reads this output.
// There is no memory: the first step is as every other, and neither a reset nor a new start after
// its process died forgets anything.
// Stale input on `safe`: nothing is sent. On `hold`: the old sample is used.
// NaN in the input: so is the output, which the loop refuses. Infinity becomes the limit on its
// side; without one it is refused too.
// Real time cost: two comparisons.
#include <takt/node/node.hpp>

#include "nodes/common/range.hpp"

namespace takt::nodes {
namespace {

class Saturation final : public Node {
 public:
  Result<void> configure(NodeContext&) override {
    const auto range = make_range("min", min, "max", max);
    if (!range) return range.error();
    if (min == kNoMin && max == kNoMax) {
      return fail("neither min nor max is given: nothing is limited", "give at least one of them");
    }
    range_ = *range;
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    output.publish({.value = range_.clamp(input->value)});
    return StepResult::ok;
  }

 private:
  Input<Scalar> input{*this, "input", {.summary = "What is limited", .measurement = true}};
  Output<Scalar> output{*this, "output", {.summary = "The input within the range"}};

  Param<double> min{
      *this,
      "min",
      {.summary = "Lowest output, in the unit of `input`; default: no limit", .fallback = kNoMin}};
  Param<double> max{
      *this,
      "max",
      {.summary = "Highest output, in the unit of `input`; default: no limit", .fallback = kNoMax}};

  Range range_;
};

TAKT_NODE(Saturation, "filter/saturation", "Passes a value on within a range.");

}  // namespace
}  // namespace takt::nodes
