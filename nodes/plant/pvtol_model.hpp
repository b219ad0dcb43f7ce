// A planar aircraft with vectored thrust (PVTOL) without ports, linear about hover or full.
//
//   m x''     = f1 cos(theta) - f2 sin(theta) - c x'          x: sideways, y: up
//   m y''     = f1 sin(theta) + f2 cos(theta) - m g - c y'    theta: roll
//   J theta'' = r f1
//
// linear: cos = 1, sin(theta) = theta, f2 = m g where it meets theta, f1 theta = 0; exact for
// forces that are held over each interval.
// full: fourth-order Runge-Kutta in substeps of at most kSubstep.
//
// Source: Astrom and Murray, "Feedback Systems", 2nd edition, chapter 12
// (control-references.md, R9).
#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

#include <takt/base/rt.hpp>

#include "nodes/plant/integration.hpp"
#include "nodes/plant/state_space_model.hpp"

namespace takt::nodes {

struct PvtolParameters {
  double mass = 4.0;        // kg
  double inertia = 0.0475;  // kg m2, about the roll axis
  double arm = 0.25;        // m, from the centre of mass to where f1 acts
  double gravity = 9.8;     // m/s2
  double damping = 0.05;    // N s/m
};

// x m, y m, theta rad, and their rates.
using PvtolState = std::array<double, 6>;

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class PvtolModel {
 public:
  enum class Kind { linear, full };
  static constexpr std::chrono::nanoseconds kSubstep = std::chrono::milliseconds(1);

  PvtolModel() = default;
  PvtolModel(Kind kind, const PvtolParameters& parameters, std::chrono::nanoseconds period) noexcept
      : kind_(kind), p_(parameters), period_(period), linear_(matrices_of(parameters), period) {}

  // False when the parameters and the period leave the range of double.
  bool is_finite() const noexcept { return linear_.is_finite(); }
  // The thrust that carries the weight.
  double hover() const noexcept TAKT_RT { return p_.mass * p_.gravity; }

  // The state `elapsed` later. Cost: linear 48 multiplications a period, full about 0.2 us a
  // substep; of any other time, linear, a matrix exponential of order 10.
  PvtolState advance(const PvtolState& state, double f1, double f2,
                     std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    if (kind_ == Kind::linear) {
      PlantState x{};
      for (std::size_t i = 0; i < state.size(); ++i) x[i] = state[i];
      x = linear_.advance(x, {f1, f2 - hover()}, elapsed);
      return {x[0], x[1], x[2], x[3], x[4], x[5]};
    }
    return advance_by_periods(
        state, elapsed, period_, [&](const PvtolState& s, std::chrono::nanoseconds interval) {
          return integrate(
              s, interval, kSubstep,
              [&](const PvtolState& q, double) { return derivative(q, f1, f2); },
              [](PvtolState&) {});
        });
  }

  // The derivative of the full equations.
  PvtolState derivative(const PvtolState& s, double f1, double f2) const noexcept TAKT_RT {
    const double sine = std::sin(s[2]), cosine = std::cos(s[2]);
    return {s[3],
            s[4],
            s[5],
            (f1 * cosine - f2 * sine - p_.damping * s[3]) / p_.mass,
            (f1 * sine + f2 * cosine - p_.mass * p_.gravity - p_.damping * s[4]) / p_.mass,
            p_.arm * f1 / p_.inertia};
  }

 private:
  static StateSpaceMatrices matrices_of(const PvtolParameters& p) noexcept {
    StateSpaceMatrices m{.states = 6, .inputs = 2};
    for (std::size_t i = 0; i < 3; ++i) m.a[i][i + 3] = 1.0;
    m.a[3][2] = -p.gravity;
    m.a[3][3] = m.a[4][4] = -p.damping / p.mass;
    m.b[3] = {1.0 / p.mass, 0.0};
    m.b[4] = {0.0, 1.0 / p.mass};
    m.b[5] = {p.arm / p.inertia, 0.0};
    return m;
  }

  Kind kind_ = Kind::linear;
  PvtolParameters p_{};
  std::chrono::nanoseconds period_{0};
  StateSpaceModel linear_;
};

}  // namespace takt::nodes
