// filter/rate_limit: follows a value no faster than it may change.
//
//  input   type    unit  remark
//  input   Scalar        what is followed; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`
//
//  parameter  unit  default  range
//  rate_up    -     0        from 0, unit of `input` per second; 0: unlimited
//  rate_down  -     0        from 0, unit of `input` per second; 0: unlimited; one is given
//
//  output = input within [before - rate_down * elapsed, before + rate_up * elapsed]
//
// For set-points; what drives an actuator is actuator/limiter. The equations stand in
// actuator/limiter_algorithm.hpp.
// First step: the output is the input. Later steps: the rate counts over `cycle.elapsed`, skipped
// releases included.
// Stale input on `safe`: nothing is sent and no time counts: the next output goes on from the last
// one that was sent, over one release. On `hold`: the old sample is followed.
// NaN or infinity in the input: NaN, which the loop refuses; the next output goes on from the last
// one that was sent. So a reset forgets nothing.
// Started again after its process died: the first output is the last one of the whole step before.
// Real time cost: about 10 floating-point operations.
#include <cmath>

#include <takt/node/node.hpp>

#include "nodes/actuator/limiter_algorithm.hpp"

namespace takt::nodes {
namespace {

struct RateLimitState {
  double output;
};
TAKT_SAMPLE(RateLimitState, (output));

class RateLimit final : public Node {
 public:
  Result<void> configure(NodeContext&) override {
    if (rate_up == 0.0 && rate_down == 0.0) {
      return fail("neither rate_up nor rate_down is given: nothing is limited",
                  "give at least one of them");
    }
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    if (!has_begun_ && std::isfinite(input->value)) begin_at(input->value);
    const double followed = algorithm_.step(input->value, cycle.elapsed);
    *state = {.output = followed};
    output.publish({.value = followed});
    return StepResult::ok;
  }

  void restored() noexcept override { begin_at(state->output); }

 private:
  void begin_at(double value) noexcept TAKT_RT {
    algorithm_ =
        LimiterAlgorithm({.range = {}, .rate_up = rate_up, .rate_down = rate_down, .start = value});
    has_begun_ = true;
  }

  Input<Scalar> input{*this, "input", {.summary = "What is followed", .measurement = true}};
  Output<Scalar> output{*this, "output", {.summary = "What follows"}};
  State<RateLimitState> state{*this};

  Param<double> rate_up{*this,
                        "rate_up",
                        {.summary = "Fastest rise, in the unit of `input` per second; 0: unlimited",
                         .fallback = 0.0,
                         .min = 0.0}};
  Param<double> rate_down{
      *this,
      "rate_down",
      {.summary = "Fastest fall, in the unit of `input` per second; 0: unlimited",
       .fallback = 0.0,
       .min = 0.0}};

  LimiterAlgorithm algorithm_;
  bool has_begun_ = false;
};

TAKT_NODE(RateLimit, "filter/rate_limit", "Follows a value no faster than it may change.");

}  // namespace
}  // namespace takt::nodes
