// controller/selector: passes one of up to four commands on, chosen by a mode, without a bump.
//
//  input    type    unit  remark
//  mode     Scalar        1 ... 4: the number of the command that is passed on
//  input1   Scalar        optional, as the others; at least two are connected
//  ...
//  input4   Scalar
//
//  output   type    unit  origin
//  output   Scalar        inherited from the trigger, so a periodic selector's carries none
//  active   Scalar        inherited; the number of the command that is passed on
//
//  parameter  unit  default  range
//  ramp       s     0.1      from 0: how long the output takes from one command to the other
//  initial    -     1        1 ... 4, connected: before a mode chooses
//
// The equations stand in selector_algorithm.hpp. At a switch the output starts from its last value
// and goes to the new command along a straight line; 0: it jumps. A switch within a ramp starts
// from where the output then is.
// A controller that is not chosen winds up: connect its `tracking` to this output.
//
// A mode that is no number of a connected input, or whose input is stale, has never come or is not
// finite: the command before stays, and `active` says so. That is logged once, until a mode can be
// chosen again.
// First step: the initial command, or that of the mode, without a ramp. As long as the chosen
// command has not come, nothing is sent.
// Stale input on `safe`: nothing is sent, also when it is not the chosen one: give the others
// `hold`. On `hold`: the old sample is used, of the mode too.
// NaN or infinity in the chosen command: so is the output, which the loop refuses; a reset forgets
// nothing.
// Started again after its process died: goes on from its last whole step, within a ramp too.
// Real time cost: about 10 floating-point operations.
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/controller/selector_algorithm.hpp"

namespace takt::nodes {
namespace {

class Selector final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    int connected = 0;
    for (const auto* input : inputs_) connected += input->connected() ? 1 : 0;
    if (connected < 2) {
      return fail(
          format("{} of the inputs 1 to 4 is connected: there is nothing to choose", connected),
          "connect at least two");
    }
    if (!inputs_[static_cast<std::size_t>(initial - 1)]->connected()) {
      return fail(
          format("initial is {}, but `input{}` is not connected", initial.value(), initial.value()),
          "connect it, or choose another one");
    }
    switch_ = BumplessSwitch(*state, ramp);
    *state = {.selected = static_cast<double>(initial)};
    log_ = &context.log();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    double h = std::chrono::duration<double>(cycle.elapsed).count();
    if (mode->value == state->selected) {
      refuses_ = false;
    } else if (follow_mode()) {
      h = 0.0;
    }
    const Input<Scalar>& chosen = input_of(state->selected);
    if (chosen.has_value()) {
      output.publish({.value = switch_.step(chosen->value, h)});
      has_begun_ = true;
    }
    active.publish({.value = state->selected});
    return StepResult::ok;
  }

  void restored() noexcept override {
    // The state of a graph that had other inputs is none.
    has_begun_ = is_number(state->selected) && input_of(state->selected).connected();
    if (!has_begun_) *state = {.selected = static_cast<double>(initial)};
  }

 private:
  // True when the mode's command has taken over.
  bool follow_mode() noexcept TAKT_RT {
    const double wanted = mode->value;
    if (!can_choose(wanted)) {
      if (!refuses_)
        log_->warning("mode {} cannot be chosen now; {} stays", wanted, state->selected);
      refuses_ = true;
      return false;
    }
    refuses_ = false;
    switch_.switch_to(wanted, input_of(wanted)->value);
    if (!has_begun_) state->rest = 0.0;  // There is no output yet to start from.
    return true;
  }
  static bool is_number(double mode) noexcept TAKT_RT {
    return mode >= 1.0 && mode <= 4.0 && mode == std::floor(mode);
  }
  bool can_choose(double wanted) const noexcept TAKT_RT {
    if (!is_number(wanted)) return false;
    const Input<Scalar>& input = input_of(wanted);
    return input.connected() && input.has_value() && !input.stale() && std::isfinite(input->value);
  }
  const Input<Scalar>& input_of(double number) const noexcept TAKT_RT {
    return *inputs_[static_cast<std::size_t>(number) - 1];
  }

  Input<Scalar> mode{*this, "mode", {.summary = "1 ... 4: which command is passed on"}};
  Input<Scalar> input1{*this, "input1", {.summary = "The first command", .optional = true}};
  Input<Scalar> input2{*this, "input2", {.summary = "The second command", .optional = true}};
  Input<Scalar> input3{*this, "input3", {.summary = "The third command", .optional = true}};
  Input<Scalar> input4{*this, "input4", {.summary = "The fourth command", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "The chosen command"}};
  Output<Scalar> active{*this, "active", {.summary = "1 ... 4: which command is passed on"}};
  State<SelectorState> state{*this};

  Param<double> ramp{*this,
                     "ramp",
                     {.summary = "From one command to the other; 0: a jump",
                      .unit = "s",
                      .fallback = 0.1,
                      .min = 0.0}};
  Param<std::int64_t> initial{
      *this,
      "initial",
      {.summary = "Which command, before a mode chooses", .fallback = 1, .min = 1, .max = 4}};

  const std::array<const Input<Scalar>*, 4> inputs_{&input1, &input2, &input3, &input4};
  BumplessSwitch switch_{*state, 0.0};
  bool refuses_ = false;  // A mode since the last one that could be chosen: logged once.
  bool has_begun_ = false;
  Logger* log_ = nullptr;
};

TAKT_NODE(Selector, "controller/selector",
          "Passes one of up to four commands on, chosen by a mode, without a bump.");

}  // namespace
}  // namespace takt::nodes
