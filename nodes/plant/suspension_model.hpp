// A quarter of a car without ports: body, wheel, and a force between them; exact for a force and a
// road that are held over each interval.
//
//   m1 x1'' = u - k1 (x1 - x2) - b1 (x1' - x2')                             x1: height of the body
//   m2 x2'' = -u + k1 (x1 - x2) + b1 (x1' - x2') + k2 (w - x2) + b2 (w' - x2')  x2: of the wheel
//
// The road w has a rate w' that is no number when the road has a step. The state therefore holds
// p = x2' - b2/m2 w instead of x2': its equation has no w'.
//
// Source: CTMS "Suspension: System Modeling" (control-references.md, R4).
#pragma once

#include <chrono>

#include <takt/base/rt.hpp>

#include "nodes/plant/state_space_model.hpp"

namespace takt::nodes {

struct SuspensionParameters {
  double m1 = 2500.0;    // kg, a quarter of the body
  double m2 = 320.0;     // kg, of the wheel
  double k1 = 80e3;      // N/m, of the suspension
  double k2 = 500e3;     // N/m, of wheel and tire
  double b1 = 350.0;     // N s/m, of the suspension
  double b2 = 15'020.0;  // N s/m, of wheel and tire
};

struct SuspensionState {
  double body = 0.0;           // m, x1
  double body_velocity = 0.0;  // m/s
  double wheel = 0.0;          // m, x2
  double p = 0.0;              // m/s, see above
};

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class SuspensionModel {
 public:
  SuspensionModel() = default;
  SuspensionModel(const SuspensionParameters& parameters, std::chrono::nanoseconds period) noexcept
      : road_to_wheel_(parameters.b2 / parameters.m2), model_(matrices_of(parameters), period) {}

  // False when the parameters and the period leave the range of double.
  bool is_finite() const noexcept { return model_.is_finite(); }

  // The state `elapsed` later. Cost: 24 multiplications a period; a matrix exponential of order 10
  // for any other time.
  SuspensionState advance(const SuspensionState& s, double force, double road,
                          std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    const PlantState x =
        model_.advance({s.body, s.body_velocity, s.wheel, s.p}, {force, road}, elapsed);
    return {.body = x[0], .body_velocity = x[1], .wheel = x[2], .p = x[3]};
  }
  double wheel_velocity(const SuspensionState& s, double road) const noexcept TAKT_RT {
    return s.p + road_to_wheel_ * road;
  }

 private:
  static StateSpaceMatrices matrices_of(const SuspensionParameters& parameters) noexcept {
    const auto& [m1, m2, k1, k2, b1, b2] = parameters;
    const double d = b2 / m2;
    StateSpaceMatrices m{.states = 4, .inputs = 2};
    m.a[0] = {0.0, 1.0, 0.0, 0.0};
    m.a[1] = {-k1 / m1, -b1 / m1, k1 / m1, b1 / m1};
    m.a[2] = {0.0, 0.0, 0.0, 1.0};
    m.a[3] = {k1 / m2, b1 / m2, -(k1 + k2) / m2, -(b1 + b2) / m2};
    m.b[1] = {1.0 / m1, b1 / m1 * d};
    m.b[2] = {0.0, d};
    m.b[3] = {-1.0 / m2, k2 / m2 - (b1 + b2) / m2 * d};
    return m;
  }

  double road_to_wheel_ = 0.0;
  StateSpaceModel model_;
};

}  // namespace takt::nodes
