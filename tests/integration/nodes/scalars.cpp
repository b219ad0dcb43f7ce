// test/pair and test/count: how often data released a node, and with what.
#include <takt/node/node.hpp>

namespace takt::test {
namespace {

class Pair final : public Node {
  Input<Scalar> a{*this, "a", {.measurement = true}};
  Input<Scalar> b{*this, "b"};
  Output<Scalar> sum{*this, "sum"};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    sum.publish({a->value + b->value});
    return StepResult::ok;
  }
};

// Sends the number of its steps.
class Count final : public Node {
  Input<Scalar> in{*this, "in", {.measurement = true}};
  Output<Scalar> out{*this, "out"};

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    out.publish({static_cast<double>(cycle.index + 1)});
    return StepResult::ok;
  }
};

TAKT_NODE(Pair, "test/pair", "Adds two numbers.");
TAKT_NODE(Count, "test/count", "Counts its steps.");

}  // namespace
}  // namespace takt::test
