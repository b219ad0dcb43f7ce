#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {

StepResult Relay::step(const Cycle& cycle) noexcept {
  ++steps;
  last = cycle;
  was_stale = in.stale();
  was_new = in.is_new();
  seen.push_back(in->value);
  out.publish(*in);
  return answer;
}

void Relay::stale(const Cycle&) noexcept {
  ++stale_calls;
  if (publishes_when_stale) out.publish({stale_value});
}

StepResult Drive::step(const Cycle&) noexcept {
  ++steps;
  out.publish({in->value + offset});
  return StepResult::ok;
}

void Drive::stale(const Cycle&) noexcept {
  if (publishes_when_stale) out.publish({stale_value});
}

StepResult Origins::step(const Cycle&) noexcept {
  now.publish({1.0});
  inherit.publish({2.0});
  none.publish({3.0});
  return StepResult::ok;
}

TAKT_NODE(Relay, "loop/relay");
TAKT_NODE(Drive, "loop/drive");
TAKT_NODE(Origins, "loop/origins");

}  // namespace takt::test
