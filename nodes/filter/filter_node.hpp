// What every filter node with a transfer function has: ports, the first step, snapshots.
#pragma once

#include <string>
#include <vector>

#include <takt/node/node.hpp>

#include "nodes/filter/discrete_filter.hpp"

namespace takt::nodes {

struct FilterState {
  DiscreteFilter::State state;
};
TAKT_SAMPLE(FilterState, (state));

// Thread safety: the loop thread. Real time: as marked. Lifetime: that of its process.
class FilterNode : public Node {
 public:
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

 protected:
  FilterNode() { require_period(); }

  // The end of `configure`. Errors: as of discretise, and a filter that cannot be settled.
  Result<void> use(const std::vector<double>& num, const std::vector<double>& den, double h,
                   Discretisation method) {
    const auto transfer = discretise(num, den, h, method);
    if (!transfer) return transfer.error();
    settles_ = start.value() == "settled";
    if (settles_ && den.back() == 0.0) {
      return fail("den ends with 0: the filter integrates and never settles",
                  "write `start: zero`");
    }
    filter_ = DiscreteFilter(*transfer);
    return {};
  }

 private:
  Input<Scalar> input{*this, "input", {.summary = "What is filtered", .measurement = true}};
  Output<Scalar> output{*this, "output", {.summary = "The filtered value"}};
  State<FilterState> state{*this};

  Param<std::string> start{*this,
                           "start",
                           {.summary = "What the input was before the first sample",
                            .fallback = "settled",
                            .choices = {"settled", "zero"}}};

  DiscreteFilter filter_;
  bool settles_ = true;
  bool has_begun_ = false;
};

}  // namespace takt::nodes
