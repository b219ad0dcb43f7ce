// controller/pid: a PID controller with set-point weights, limits, anti-windup and manual mode.
//
//  input          type    unit  remark
//  measurement    Scalar        what is controlled; the output inherits its origin
//  reference      Scalar        what it should be, in the unit of `measurement`
//  tracking       Scalar        optional: the command that the actuator really applied
//  manual         Scalar        optional: the output while in manual mode
//  manual_active  Scalar        optional: other than 0 means manual mode
//
//  output         type    unit  origin
//  output         Scalar        inherited from `measurement`
//
//  parameter      unit  default           range
//  kp             -     1                 any; negative for a process that falls when pushed
//  ki             -     0                 any, per second
//  kd             -     0                 any, seconds
//  tf             s     0.01              from 0; 0: unfiltered derivative
//  b, c           -     1, 0              weight of the reference in P and in D
//  umin, umax     -     no limit          in the unit of `output`
//  anti_windup    -     back_calculation  none, clamping, back_calculation
//  tt             s     0 = chosen        0, or from one period; chosen: sqrt(Ti*Td) when kd is not
//                                         0, else Ti, with Ti = kp/ki and Td = kd/kp
//  mode           -     auto              auto, manual
//
// The equations and their order stand in pid_algorithm.hpp. The sample time is the period of the
// node's trigger chain, also after skipped releases.
//
// First step: I = 0 and D counts from 0, so c = 1 kicks with kd/(tf+h) times the first error.
// Manual mode (`mode`, or `manual_active` other than 0): the output is `manual` within the limits;
// without a finite sample of it, the output before is held (0 at the start). Going to manual jumps
// to the command; going back does not jump, except with ki = 0, where nothing can take the
// difference up. A `manual_active` that is not finite leaves the mode as it is.
// Tracking: connect the actuator's output, which answers the step before; while it is stale or not
// finite the controller's own limits are used instead. With anti_windup none it is not used.
// Stale input on `safe`: nothing is sent; I is kept, D starts anew. On `hold`: old sample used.
// NaN or infinity in `measurement` or `reference`: the output is NaN, which the loop refuses.
// Started again after its process died: I and the last output are those of the last whole step, D
// starts anew.
// Reset, which the loop calls then: I = 0, and D counts from the next sample.
// Real time cost: about 30 floating-point operations.
#include <chrono>
#include <cmath>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/common/range.hpp"
#include "nodes/controller/pid_algorithm.hpp"

namespace takt::nodes {
namespace {

// What makes a restarted controller go on without a bump. Filtering starts anew: the time since the
// last sample is not one period.
struct PidState {
  double integral;
  double last_output;
};
TAKT_SAMPLE(PidState, (integral), (last_output));

class Pid final : public Node {
 public:
  Pid() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    PidSettings settings{.kp = kp, .ki = ki, .kd = kd, .tf = tf, .b = b, .c = c, .tt = tt};
    settings.h = std::chrono::duration<double>(context.period).count();
    if (settings.h <= 0.0) return fail("a PID controller needs a period");

    const auto limits = make_range("umin", umin, "umax", umax);
    if (!limits) return limits.error();
    settings.limits = *limits;

    if (anti_windup.value() == "none") settings.anti_windup = AntiWindup::none;
    if (anti_windup.value() == "clamping") settings.anti_windup = AntiWindup::clamping;
    if (settings.tt == 0.0) settings.tt = default_tracking_time(settings);
    if (settings.anti_windup == AntiWindup::back_calculation && settings.tt < settings.h) {
      return fail(format("tt is {} s and the period {} s: the integral would overshoot its aim",
                         settings.tt, settings.h),
                  "give a tt of at least one period, or 0 to have one chosen");
    }
    algorithm_ = PidAlgorithm(settings);
    last_output_ = settings.limits.clamp(0.0);
    always_manual_ = mode.value() == "manual";
    if (always_manual_ && !manual.connected()) {
      return fail("mode is manual, but the input `manual` is not connected",
                  "connect it, or write `mode: auto`");
    }
    return {};
  }

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    const double r = reference->value;
    const double y = measurement->value;
    const double u = is_manual() ? algorithm_.manual(r, y, manual_command())
                                 : algorithm_.step(r, y, applied_command());
    if (std::isfinite(u)) last_output_ = u;
    *state = {.integral = algorithm_.integral(), .last_output = last_output_};
    output.publish({.value = u});
    return StepResult::ok;
  }

  void restored() noexcept override {
    algorithm_.restore(state->integral);
    last_output_ = state->last_output;
  }
  void stale(const Cycle&) noexcept TAKT_RT override { algorithm_.restart_derivative(); }
  void reset() noexcept TAKT_RT override { algorithm_.reset(); }

 private:
  static bool is_usable(const Input<Scalar>& input) noexcept TAKT_RT {
    return input.has_value() && std::isfinite(input->value);
  }

  bool is_manual() noexcept TAKT_RT {
    if (is_usable(manual_active)) switched_to_manual_ = manual_active->value != 0.0;
    return switched_to_manual_ || always_manual_;
  }
  double manual_command() const noexcept TAKT_RT {
    return is_usable(manual) ? manual->value : last_output_;
  }
  const double* applied_command() const noexcept TAKT_RT {
    return is_usable(tracking) && !tracking.stale() ? &tracking->value : nullptr;
  }

  Input<Scalar> measurement{
      *this, "measurement", {.summary = "What is controlled", .measurement = true}};
  Input<Scalar> reference{
      *this, "reference", {.summary = "What it should be, in the unit of `measurement`"}};
  Input<Scalar> tracking{
      *this,
      "tracking",
      {.summary = "The command that the actuator really applied", .optional = true}};
  Input<Scalar> manual{
      *this, "manual", {.summary = "The output while in manual mode", .optional = true}};
  Input<Scalar> manual_active{
      *this, "manual_active", {.summary = "Other than 0: manual mode", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "The command", .origin = Origin::inherit}};
  State<PidState> state{*this};

  Param<double> kp{*this, "kp", {.summary = "Proportional gain", .fallback = 1.0}};
  Param<double> ki{*this, "ki", {.summary = "Integral gain, per second", .fallback = 0.0}};
  Param<double> kd{*this, "kd", {.summary = "Derivative gain, in seconds", .fallback = 0.0}};
  Param<double> tf{*this,
                   "tf",
                   {.summary = "Time constant of the derivative's filter; 0: none",
                    .unit = "s",
                    .fallback = 0.01,
                    .min = 0.0}};
  Param<double> b{*this, "b", {.summary = "Weight of the reference in P", .fallback = 1.0}};
  Param<double> c{*this, "c", {.summary = "Weight of the reference in D", .fallback = 0.0}};
  Param<double> umin{
      *this,
      "umin",
      {.summary = "Lowest output, in the unit of `output`; default: no limit", .fallback = kNoMin}};
  Param<double> umax{*this,
                     "umax",
                     {.summary = "Highest output, in the unit of `output`; default: no limit",
                      .fallback = kNoMax}};
  Param<std::string> anti_windup{*this,
                                 "anti_windup",
                                 {.summary = "What keeps the integral from winding up at a limit",
                                  .fallback = "back_calculation",
                                  .choices = {"none", "clamping", "back_calculation"}}};
  Param<double> tt{*this,
                   "tt",
                   {.summary = "Tracking time constant of back_calculation; 0: chosen",
                    .unit = "s",
                    .fallback = 0.0,
                    .min = 0.0}};
  Param<std::string> mode{*this,
                          "mode",
                          {.summary = "manual: the output is the input `manual`",
                           .fallback = "auto",
                           .choices = {"auto", "manual"}}};

  PidAlgorithm algorithm_;
  double last_output_ = 0.0;
  bool always_manual_ = false;
  bool switched_to_manual_ = false;
};

TAKT_NODE(Pid, "controller/pid",
          "PID controller with set-point weights, limits, anti-windup, tracking and manual mode.");

}  // namespace
}  // namespace takt::nodes
