// plant/state_space: a linear plant given by its matrices, x' = A x + B u, y = C x + D u.
//
//  input    type         unit  remark
//  u1       Scalar             multiplies the first column of b; held between releases
//  u2       Scalar             optional: multiplies the second column of b; 0 without it
//
//  output   type         unit  origin
//  output   Scalar             now: y
//  state    StateVector        now: x, in the order of a
//
//  parameter  unit  default   range
//  a          -     required  1 to 8 rows of as many numbers; rows are separated by ';'
//  b          -     required  as many rows as a, 1 or 2 columns
//  c          -     required  one row, as many numbers as a has rows
//  d          -     zeros     one row, as many numbers as b has columns
//  initial    -     zeros     as many numbers as a has rows
//
//  Integrator:                      a: "0", b: "1", c: "1"
//  1000 kg braked by 50 N.s/m:      a: "-0.05", b: "0.001", c: "1"
//  25/(s^2 + 2 s + 25):             a: "0 1; -25 -2", b: "0; 25", c: "1 0"
//
// What the numbers are is the graph's choice: use SI units and say them with `units:`. Time is in
// seconds.
//
// A step at t takes u, advances the state from the release before to t with u held, and publishes
// the state at t, and with d the u that came before it. The solution is exact
// (state_space_model.hpp), whatever the period. First step: publishes the initial state.
// Skipped releases: integrated, with the same bytes as if they had been run.
// Stale input on `safe`: nothing is sent, but a plant does not stop existing: it goes on with what
// it last had, so no time is lost. On `hold` the same, and its state is sent.
// NaN or infinity in an input: the last finite one (0 before any).
// Reset (the state left the range of double): back to the initial state. The same after its process
// died.
// Real time cost: n * (n + inputs) multiplications a period with n states; about 25 us when the
// elapsed time is not a whole number of periods.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/plant/state_space_model.hpp"

namespace takt::nodes {
namespace {

class StateSpace final : public Node {
 public:
  StateSpace() { require_period(); }

  Result<void> configure(NodeContext& context) override {
    const auto read = matrices();
    if (!read) return read.error();
    if (u2.connected() && read->inputs < 2) {
      return fail("b has one column, but the input `u2` is connected",
                  "give b a second column, or leave u2 out");
    }
    const auto first = numbers("initial", initial.value(), read->states, "a");
    if (!first) return first.error();
    initial_state_ = {};
    std::copy(first->begin(), first->end(), initial_state_.begin());
    states_ = read->states;
    model_ = StateSpaceModel(*read, context.period);
    if (!model_.is_finite()) {
      return fail(
          format("x' = A x + B u cannot be advanced by {} s: it leaves the range of numbers",
                 std::chrono::duration<double>(context.period).count()),
          "are numbers of a or b off by powers of ten? their time is in seconds");
    }
    reset();
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    advance(cycle);
    StateVector sample{};
    for (std::size_t i = 0; i < states_; ++i) sample.x.push_back(state_[i]);
    state.publish(sample);
    output.publish({.value = model_.output(state_, held_)});
    return StepResult::ok;
  }
  void stale(const Cycle& cycle) noexcept TAKT_RT override { advance(cycle); }
  void reset() noexcept TAKT_RT override {
    state_ = initial_state_;
    started_ = false;
  }

 private:
  void advance(const Cycle& cycle) noexcept TAKT_RT {
    if (u1.has_value() && std::isfinite(u1->value)) held_[0] = u1->value;
    if (u2.has_value() && std::isfinite(u2->value)) held_[1] = u2->value;
    if (started_) state_ = model_.advance(state_, held_, cycle.elapsed);
    started_ = true;
  }

  // `text` as `count` numbers; zeros when it is empty.
  static Result<std::vector<double>> numbers(std::string_view name, const std::string& text,
                                             std::size_t count, std::string_view made_by) {
    if (text.empty()) return std::vector<double>(count, 0.0);
    auto result = parse_vector(name, text, kStatesMax);
    if (result && result->size() != count) {
      return fail(
          format("{} has {} numbers and {} makes it {}", name, result->size(), made_by, count),
          format("give {} as many numbers as {} has columns", name, made_by));
    }
    return result;
  }

  Result<StateSpaceMatrices> matrices() const {
    const auto system = parse_matrix("a", a.value(), kStatesMax);
    if (!system) return system.error();
    const std::size_t n = system->rows;
    if (system->columns != n) {
      return fail(format("a has {} rows and {} columns", n, system->columns),
                  "give a as many columns as rows; rows are separated by ';'");
    }
    const auto in = parse_matrix("b", b.value(), kStatesMax);
    if (!in) return in.error();
    if (in->rows != n || in->columns > kPlantInputsMax) {
      return fail(
          format("b has {} rows and {} columns and a makes it {} rows", in->rows, in->columns, n),
          format("give b {} rows, separated by ';', of 1 or {} numbers", n, kPlantInputsMax));
    }
    if (c.value().empty()) return fail("c is empty", "give one number a state: what is measured");
    const auto out = numbers("c", c.value(), n, "a");
    if (!out) return out.error();
    const auto through = numbers("d", d.value(), in->columns, "b");
    if (!through) return through.error();

    StateSpaceMatrices made{.states = n, .inputs = in->columns};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) made.a[i][j] = system->at(i, j);
      for (std::size_t j = 0; j < in->columns; ++j) made.b[i][j] = in->at(i, j);
      made.c[i] = (*out)[i];
    }
    std::copy(through->begin(), through->end(), made.d.begin());
    return made;
  }

  Input<Scalar> u1{*this, "u1", {.summary = "Multiplies the first column of b"}};
  Input<Scalar> u2{*this, "u2", {.summary = "Multiplies the second column of b", .optional = true}};
  Output<Scalar> output{*this, "output", {.summary = "y = C x + D u", .origin = Origin::now}};
  Output<StateVector> state{
      *this, "state", {.summary = "x, in the order of a", .origin = Origin::now}};

  Param<std::string> a{*this, "a", {.summary = "Rows of x' by x, separated by ';'"}};
  Param<std::string> b{*this, "b", {.summary = "Rows of x' by u, separated by ';'"}};
  Param<std::string> c{*this, "c", {.summary = "The row of y by x"}};
  Param<std::string> d{
      *this, "d", {.summary = "The row of y by u; default: zeros", .fallback = ""}};
  Param<std::string> initial{
      *this, "initial", {.summary = "x at the start; default: zeros", .fallback = ""}};

  StateSpaceModel model_;
  PlantState initial_state_{};
  PlantState state_{};
  PlantInputs held_{};
  std::size_t states_ = 0;
  bool started_ = false;
};

TAKT_NODE(StateSpace, "plant/state_space", "A linear plant given by its matrices A, B, C and D.");

}  // namespace
}  // namespace takt::nodes
