// test/balance: controller/state_feedback that remembers how many steps it has made, in all its
// lives.
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

namespace takt::test {
namespace {

struct BalanceState {
  std::uint64_t steps;
};
TAKT_SAMPLE(BalanceState, (steps));

class Balance final : public Node {
  Input<StateVector> state{*this, "state", {.measurement = true}};
  Input<Scalar> reference{*this, "reference"};
  Output<Scalar> output{*this, "output", {.origin = Origin::inherit}};
  Output<Scalar> steps{*this, "steps", {.origin = Origin::inherit}};
  Param<double> k1{*this, "k1"}, k2{*this, "k2"}, k3{*this, "k3"}, k4{*this, "k4"};
  Param<double> nbar{*this, "nbar"};
  State<BalanceState> memory{*this};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    const double gains[] = {k1, k2, k3, k4};
    double u = nbar * reference->value;
    for (std::size_t i = 0; i < 4; ++i) u -= gains[i] * state->x[i];
    output.publish({u});
    steps.publish({static_cast<double>(++memory->steps)});
    return StepResult::ok;
  }
};
TAKT_NODE(Balance, "test/balance", "State feedback that counts its steps in its state.");

}  // namespace
}  // namespace takt::test
