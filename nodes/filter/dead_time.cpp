// filter/dead_time: gives every value on after a time, unchanged.
//
//  input   type    unit  remark
//  input   Scalar        what is delayed; the output inherits its origin
//
//  output  type    unit  origin
//  output  Scalar        inherited from `input`: from the sample of this step, not the delayed one,
//                        so a `max_data_age` behind it does not count the dead time
//
//  parameter  unit  default   range
//  delay      s     required  1 to 500 whole periods
//  start      -     settled   settled, zero
//
//  output(k) = input(k - n),  n = delay / period
//
// For models of transport and of slow wires. The period is that of the node's trigger chain; over
// skipped releases the input before is held, so that a value never comes later than the delay says.
//
// First step: `settled` as if the first input had stood for ever, `zero` as if the input had been
// 0.
// Stale input on `safe`: nothing is sent; the next fresh sample is a first step. On `hold`: the old
// sample goes in.
// NaN or infinity in the input: NaN, which the loop refuses at once, not after the delay; the next
// one is a first step, as after every reset.
// Started again after its process died: goes on from its last whole step; the time in between is
// not counted.
// Real time cost: one read and one write, and 4 KiB copied for the snapshot.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/filter/delay_line.hpp"

namespace takt::nodes {
namespace {

class DeadTime final : public Node {
 public:
  DeadTime() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    constexpr double kRounding = 1e-6;  // Of a period: what a division may leave.
    const double h = std::chrono::duration<double>(context.period).count();
    const double periods = std::round(delay / h);
    if (!(periods >= 1.0 && periods <= static_cast<double>(kDelayPeriodsMax)) ||
        std::abs(delay / h - periods) > kRounding) {
      return fail(format("delay is {} s, {:.6g} periods of {} s", delay.value(), delay / h, h),
                  format("give 1 to {} whole periods", kDelayPeriodsMax));
    }
    line_ = DelayLine(*state, static_cast<std::size_t>(periods));
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    const double value = input->value;
    if (!std::isfinite(value)) {
      output.publish({.value = std::numeric_limits<double>::quiet_NaN()});
      return StepResult::ok;
    }
    if (!has_begun_) line_.fill(settles() ? value : 0.0);
    has_begun_ = true;
    output.publish({.value = line_.step(value, periods_in(cycle))});
    return StepResult::ok;
  }

  void restored() noexcept override { has_begun_ = line_.is_valid(); }
  void stale(const Cycle&) noexcept TAKT_RT override { has_begun_ = false; }
  void reset() noexcept TAKT_RT override { has_begun_ = false; }

 private:
  bool settles() const noexcept TAKT_RT { return start.value() == "settled"; }
  static std::uint64_t periods_in(const Cycle& cycle) noexcept TAKT_RT {
    const auto half = cycle.period / 2;
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>((cycle.elapsed + half) / cycle.period, 1));
  }

  Input<Scalar> input{*this, "input", {.summary = "What is delayed", .measurement = true}};
  Output<Scalar> output{*this, "output", {.summary = "The input of `delay` before"}};
  State<DelayLineState> state{*this};

  Param<double> delay{
      *this, "delay", {.summary = "The dead time, in whole periods", .unit = "s", .min = 0.0}};
  Param<std::string> start{*this,
                           "start",
                           {.summary = "What the input was before the first sample",
                            .fallback = "settled",
                            .choices = {"settled", "zero"}}};

  DelayLine line_{*state, 1};
  bool has_begun_ = false;
};

TAKT_NODE(DeadTime, "filter/dead_time", "Gives every value on after a time, unchanged.");

}  // namespace
}  // namespace takt::nodes
