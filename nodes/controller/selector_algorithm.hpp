// Switches between commands without a bump, without ports.
//
//   output = command + offset * rest,  rest: from 1 to 0 over the ramp
//
// At a switch the offset is what the last output is above the new command, so the output starts
// from where it was and is the new command when the ramp is over.
// Source: bumpless transfer as in Astrom and Hagglund, "Advanced PID Control", 2006.
#pragma once

#include <algorithm>
#include <cmath>

#include <takt/base/rt.hpp>
#include <takt/sample/sample.hpp>

namespace takt::nodes {

struct SelectorState {
  double selected = 1.0;  // 1 ... 4.
  double output = 0.0;    // Last one that was finite.
  double offset = 0.0;
  double rest = 0.0;
};
TAKT_SAMPLE(SelectorState, (selected), (output), (offset), (rest));

// Works on a state that its owner keeps.
//
// Thread safety: one thread. Real time: yes. Lifetime: that of the state.
class BumplessSwitch {
 public:
  // `ramp` in seconds; 0: the output jumps.
  BumplessSwitch(SelectorState& state, double ramp) : state_(&state), ramp_(ramp) {}

  // From now on the command is another one, which is `command` now.
  void switch_to(double selected, double command) noexcept TAKT_RT {
    state_->selected = selected;
    state_->offset = state_->output - command;
    state_->rest = ramp_ > 0.0 ? 1.0 : 0.0;
  }
  // `h`: seconds since the step before; 0 at a switch. A command that is not finite gives an output
  // that is not, and changes nothing but the time.
  double step(double command, double h) noexcept TAKT_RT {
    if (ramp_ > 0.0) state_->rest = std::max(state_->rest - h / ramp_, 0.0);
    const double output = state_->rest > 0.0 ? command + state_->offset * state_->rest : command;
    if (std::isfinite(output)) state_->output = output;
    return output;
  }

 private:
  SelectorState* state_;
  double ramp_;
};

}  // namespace takt::nodes
