// A first-order low-pass filter: the output follows the input with the time constant `tau`.
#include <takt/node/node.hpp>

namespace {

class TemplateName final : public takt::Node {
  takt::Input<takt::Scalar> in{*this, "in", {.measurement = true}};
  takt::Output<takt::Scalar> out{*this, "out"};
  takt::Param<double> tau{*this, "tau", {.unit = "s", .fallback = 0.1, .min = 0.0}};
  double state = 0.0;

 public:
  TemplateName() { require_period(); }

  takt::StepResult step(const takt::Cycle& cycle) noexcept TAKT_RT override {
    const double h = std::chrono::duration<double>(cycle.period).count();
    state += h / (tau + h) * (in->value - state);
    out.publish({.value = state});
    return takt::StepResult::ok;
  }
  void reset() noexcept TAKT_RT override { state = 0.0; }
};

}  // namespace

TAKT_NODE(TemplateName, "filter/TEMPLATE_NAME", "Follows its input with a time constant.");
