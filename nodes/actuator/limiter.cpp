// actuator/limiter: passes a command on within a range and a rate, with a safe value.
//
//  input      type    unit  remark
//  command    Scalar        an actuator acts on it: the graph must limit its age
//
//  output     type    unit  origin
//  output     Scalar        inherited from the trigger; safe value from the graph (`safe:`)
//
//  parameter  unit  default   range
//  min, max   -     no limit  in the unit of `output`, min not above max
//  rate_up    -     0         from 0, unit of `output` per second; 0: unlimited
//  rate_down  -     0         from 0, unit of `output` per second; 0: unlimited
//  start      -     0         in the unit of `output`, inside [min, max] when a rate is limited
//
// First step: a rate limit counts from `start`, and no time has passed, so the output is `start`;
// in a direction without a rate limit it is the command within the range.
// Later steps: the rate counts over `cycle.elapsed`, skipped releases included.
// Stale command on `safe`: the loop sends the safe value, which this node does not know; afterwards
// rate limits count from `start`, so give `start` the safe value.
// NaN or infinity in the command: the loop refuses it at an actuator's input, the command before
// stays. One that comes through all the same gives NaN, which the loop refuses to send.
// Reset: nothing to forget; what was last sent is finite and is where the actuator stands.
// Real time cost: about 10 floating-point operations.
#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/actuator/limiter_algorithm.hpp"
#include "nodes/common/range.hpp"

namespace takt::nodes {
namespace {

class Limiter final : public Node {
 public:
  Result<void> configure(NodeContext&) override {
    const auto range = make_range("min", min, "max", max);
    if (!range) return range.error();
    const bool limits_rate = rate_up > 0.0 || rate_down > 0.0;
    if (limits_rate && !range->contains(start)) {
      return fail(format("start is {}, outside of the range from min to max", start.value()),
                  "give a start inside the range: a rate limit counts from it");
    }
    algorithm_ = LimiterAlgorithm(
        {.range = *range, .rate_up = rate_up, .rate_down = rate_down, .start = start});
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    output.publish({.value = algorithm_.step(command->value, cycle.elapsed)});
    return StepResult::ok;
  }

  void stale(const Cycle&) noexcept TAKT_RT override { algorithm_.restart(); }

 private:
  Input<Scalar> command{*this, "command", {.summary = "What is asked for", .command = true}};
  Output<Scalar> output{
      *this, "output", {.summary = "What is applied", .origin = Origin::inherit, .safe = true}};

  Param<double> min{
      *this,
      "min",
      {.summary = "Lowest output, in the unit of `output`; default: no limit", .fallback = kNoMin}};
  Param<double> max{*this,
                    "max",
                    {.summary = "Highest output, in the unit of `output`; default: no limit",
                     .fallback = kNoMax}};
  Param<double> rate_up{
      *this,
      "rate_up",
      {.summary = "Fastest rise, in the unit of `output` per second; 0: unlimited",
       .fallback = 0.0,
       .min = 0.0}};
  Param<double> rate_down{
      *this,
      "rate_down",
      {.summary = "Fastest fall, in the unit of `output` per second; 0: unlimited",
       .fallback = 0.0,
       .min = 0.0}};
  Param<double> start{
      *this,
      "start",
      {.summary = "Where rate limits count from, at first and after a stale command",
       .fallback = 0.0}};

  LimiterAlgorithm algorithm_;
};

TAKT_NODE(Limiter, "actuator/limiter",
          "Passes a command on within a range and a rate, with a safe value.");

}  // namespace
}  // namespace takt::nodes
