// filter/voter: two of three: a value that at least two of three sensors agree on.
//
//  input    type    unit  remark
//  a, b, c  Scalar        the same quantity three times; each with a `max_age` and `on_stale: hold`
//
//  output   type    unit  origin
//  output   Scalar        inherited from the trigger, so a periodic voter's carries none
//  fault    Scalar        inherited; 0 none, 1 a, 2 b, 3 c is out, 4 no two of them agree
//
//  parameter  unit  default   range
//  threshold  -     required  above 0, in the unit of the inputs: closer than it is agreement
//
//  inputs:
//    a: {from: left.position, max_age: 5ms, on_stale: hold}
//
// The rule stands in two_of_three.hpp: the middle one of three, the mean of two. An input is out
// while it is stale, has never come, is not finite, or is further than `threshold` from the middle
// one. Whatever the one that is out says, the output stays between the two that agree. Without two
// that agree nothing is sent on `output`, so that whoever reads it goes stale; `fault` is always
// sent. A change of the fault is logged.
//
// `on_stale: hold` is what lets this node judge; with `safe` one dead sensor stops it. The voter
// leaves stale inputs out itself, so the data behind its output is never older than the limits of
// the inputs.
// There is no memory but of the last fault, for the log: the first step is as every other, and
// neither a reset nor a new start after its process died changes an output.
// Real time cost: about 15 comparisons.
#include <array>
#include <cmath>
#include <optional>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/filter/two_of_three.hpp"

namespace takt::nodes {
namespace {

class Voter final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    if (!a.connected() || !b.connected() || !c.connected()) {
      return fail("two of three takes three inputs", "connect a, b and c");
    }
    if (!(threshold > 0.0)) {
      return fail(format("threshold is {}: nothing would ever agree", threshold.value()),
                  "give how far two sensors that are well may differ");
    }
    log_ = &context.log();
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    const Vote found = vote({usable(a), usable(b), usable(c)}, threshold);
    if (found.fault != last_fault_) say(found.fault);
    last_fault_ = found.fault;
    if (found.value) output.publish({.value = *found.value});
    fault.publish({.value = static_cast<double>(found.fault)});
    return StepResult::ok;
  }

 private:
  static std::optional<double> usable(const Input<Scalar>& input) noexcept TAKT_RT {
    if (!input.has_value() || input.stale() || !std::isfinite(input->value)) return std::nullopt;
    return input->value;
  }
  void say(Fault found) noexcept TAKT_RT {
    switch (found) {
      case Fault::none:
        return log_->info("a, b and c agree");
      case Fault::first:
        return log_->warning("a is out");
      case Fault::second:
        return log_->warning("b is out");
      case Fault::third:
        return log_->warning("c is out");
      case Fault::no_majority:
        return log_->error("no two of a, b and c agree: nothing is sent");
    }
  }

  // Optional, so that one that has never come is this node's to judge.
  Input<Scalar> a{*this, "a", {.summary = "The first sensor", .optional = true}};
  Input<Scalar> b{*this, "b", {.summary = "The second sensor", .optional = true}};
  Input<Scalar> c{*this, "c", {.summary = "The third sensor", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "What at least two agree on"}};
  Output<Scalar> fault{*this, "fault", {.summary = "0 none, 1 a, 2 b, 3 c is out, 4 no two agree"}};

  Param<double> threshold{
      *this, "threshold", {.summary = "Closer than it is agreement, in the unit of the inputs"}};

  Fault last_fault_ = Fault::none;
  Logger* log_ = nullptr;
};

TAKT_NODE(Voter, "filter/voter", "A value that at least two of three sensors agree on.");

}  // namespace
}  // namespace takt::nodes
