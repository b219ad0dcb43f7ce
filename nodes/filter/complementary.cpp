// filter/complementary: an angle from one that is noisy and a rate that drifts.
//
//  input   type    unit   remark
//  angle   Scalar  rad    of an accelerometer or a compass; the output inherits its origin
//  rate    Scalar  rad/s  of a gyroscope
//
//  output  type    unit   origin
//  output  Scalar  rad    inherited from `angle`: the estimate
//
//  parameter      unit  default   range
//  time_constant  s     required  above 0: slower than it the angle counts, faster the rate
//  wrap           -     false     true: angles go round at pi, the output is in [-pi, pi]
//
// The equations, and their sources, stand in complementary_algorithm.hpp. The rate counts over
// `cycle.elapsed`, skipped releases included. An angle that comes less often than the rate is held.
//
// First step: the output is the angle.
// Stale `angle` on `hold`: the rate alone moves the estimate, which drifts. Stale `rate` on `hold`:
// the old rate is used. Stale input on `safe`: nothing is sent; the next step is a first one.
// NaN or infinity in an input: so is the output, which the loop refuses; the estimate before it is
// kept, and the rate of that step is lost. So a reset forgets nothing.
// Started again after its process died: goes on from its last whole step; the time in between is
// not counted.
// Real time cost: about 10 floating-point operations.
#include <chrono>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/filter/complementary_algorithm.hpp"

namespace takt::nodes {
namespace {

struct ComplementaryState {
  double estimate;
};
TAKT_SAMPLE(ComplementaryState, (estimate, "rad"));

class Complementary final : public Node {
 public:
  Result<void> configure(NodeContext&) override {
    if (!(time_constant > 0.0)) {
      return fail(
          format("time_constant is {} s: the rate would never count", time_constant.value()),
          "give a time constant above 0");
    }
    filter_ = ComplementaryFilter(time_constant, wrap);
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    double h = std::chrono::duration<double>(cycle.elapsed).count();
    if (!has_begun_ && std::isfinite(angle->value)) {
      filter_.begin_at(angle->value);
      has_begun_ = true;
      h = 0.0;
    }
    const double estimate =
        angle.stale() ? filter_.coast(rate->value, h) : filter_.step(angle->value, rate->value, h);
    *state = {.estimate = estimate};
    output.publish({.value = estimate});
    return StepResult::ok;
  }

  void restored() noexcept override {
    filter_.begin_at(state->estimate);
    has_begun_ = true;
  }
  void stale(const Cycle&) noexcept TAKT_RT override { has_begun_ = false; }

 private:
  Input<Scalar> angle{
      *this,
      "angle",
      {.summary = "True in the long run, but noisy", .unit = "rad", .measurement = true}};
  Input<Scalar> rate{
      *this, "rate", {.summary = "True in the short run, but drifting", .unit = "rad/s"}};
  Output<Scalar> output{*this, "output", {.summary = "The estimate", .unit = "rad"}};
  State<ComplementaryState> state{*this};

  Param<double> time_constant{
      *this,
      "time_constant",
      {.summary = "Slower than it the angle counts, faster the rate", .unit = "s"}};
  Param<bool> wrap{
      *this, "wrap", {.summary = "Angles go round at pi, as a heading", .fallback = false}};

  ComplementaryFilter filter_;
  bool has_begun_ = false;
};

TAKT_NODE(Complementary, "filter/complementary",
          "An angle from one that is noisy and a rate that drifts.");

}  // namespace
}  // namespace takt::nodes
