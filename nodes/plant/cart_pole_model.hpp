// A pole on a cart (inverted pendulum) without ports, linear about the upright or full.
//
//   (M + m) x'' + b x' - m l cos(a) a'' + m l sin(a) a'^2 = F      x: position of the cart
//   (I + m l^2) a'' - m g l sin(a) = m l cos(a) x''                a: angle of the pole, from
//   upright
//
// linear: cos(a) = 1, sin(a) = a, a'^2 = 0; exact for a force that is held over each interval.
// full: fourth-order Runge-Kutta in substeps of at most kSubstep.
//
// Source: CTMS "Inverted Pendulum: System Modeling" (with its angle a = theta - pi).
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <takt/base/rt.hpp>

#include "nodes/common/matrix_exponential.hpp"

namespace takt::nodes {

struct CartPoleParameters {
  double cart_mass = 0.5;  // kg
  double pole_mass = 0.2;  // kg
  double friction = 0.1;   // N s/m, of the cart
  double inertia = 0.006;  // kg m2, of the pole about its centre of mass
  double length = 0.3;     // m, from the pivot to the centre of mass
  double gravity = 9.8;    // m/s2, as published
};

// Position in m, velocity in m/s, angle in rad, rate in rad/s.
using CartPoleState = std::array<double, 4>;

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class CartPoleModel {
 public:
  enum class Kind { linear, full };

  static constexpr std::chrono::nanoseconds kSubstep = std::chrono::milliseconds(1);
  // Bounds on the cost: a plant that was stopped for longer than so many periods is advanced in one
  // interval, and an interval has at most so many substeps, which are then longer.
  static constexpr std::int64_t kPeriodsMax = 1000;
  static constexpr std::int64_t kSubstepsMax = 10'000;

  CartPoleModel() = default;
  CartPoleModel(Kind kind, const CartPoleParameters& parameters,
                std::chrono::nanoseconds period) noexcept
      : kind_(kind),
        parameters_(parameters),
        period_(period),
        over_period_(transition_over(period)) {}

  // False when the parameters and the period leave the range of double.
  bool is_finite() const noexcept {
    return std::all_of(over_period_.begin(), over_period_.end(), [](const auto& row) {
      return std::all_of(row.begin(), row.end(), [](double e) { return std::isfinite(e); });
    });
  }

  // The state `elapsed` later. Whole periods are run one by one, so skipped releases give the same
  // bytes as releases that were run with the same force. Cost of a period: linear 20
  // multiplications, full about 0.1 us a substep; of any other time, linear, a matrix exponential.
  CartPoleState advance(CartPoleState state, double force,
                        std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    const bool whole = period_.count() > 0 && elapsed % period_ == std::chrono::nanoseconds{0};
    if (!whole || elapsed / period_ > kPeriodsMax) return over_other(state, force, elapsed);
    for (std::int64_t n = elapsed / period_; n > 0; --n) {
      state = kind_ == Kind::linear ? apply(over_period_, state, force)
                                    : integrate(state, force, period_);
    }
    return state;
  }

  // The derivative of the full equations.
  CartPoleState derivative(const CartPoleState& s, double force) const noexcept TAKT_RT {
    const auto& [M, m, b, I, l, g] = parameters_;
    const double c = m * l * std::cos(s[2]);
    const double j = I + m * l * l;
    const double on_cart = force - b * s[1] - m * l * s[3] * s[3] * std::sin(s[2]);
    const double on_pole = m * g * l * std::sin(s[2]);
    const double determinant = (M + m) * j - c * c;
    return {s[1], (j * on_cart + c * on_pole) / determinant, s[3],
            ((M + m) * on_pole + c * on_cart) / determinant};
  }

  // [F G; 0 1] with x(t + interval) = F x(t) + G u: the exponential of [A B; 0 0] * interval.
  Matrix<5> transition_over(std::chrono::nanoseconds interval) const noexcept TAKT_RT {
    const double h = std::chrono::duration<double>(interval).count();
    const auto& [M, m, b, I, l, g] = parameters_;
    const double j = I + m * l * l;
    const double p = I * (M + m) + M * m * l * l;
    return matrix_exponential<5>(
        {{{0.0, h, 0.0, 0.0, 0.0},
          {0.0, -j * b / p * h, m * m * g * l * l / p * h, 0.0, j / p * h},
          {0.0, 0.0, 0.0, h, 0.0},
          {0.0, -m * l * b / p * h, m * g * l * (M + m) / p * h, 0.0, m * l / p * h},
          {0.0, 0.0, 0.0, 0.0, 0.0}}});
  }

 private:
  CartPoleState over_other(const CartPoleState& state, double force,
                           std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    return kind_ == Kind::linear ? apply(transition_over(elapsed), state, force)
                                 : integrate(state, force, elapsed);
  }

  static CartPoleState apply(const Matrix<5>& m, const CartPoleState& x, double u) noexcept
      TAKT_RT {
    CartPoleState next{};
    for (std::size_t i = 0; i < next.size(); ++i) {
      next[i] = m[i][0] * x[0] + m[i][1] * x[1] + m[i][2] * x[2] + m[i][3] * x[3] + m[i][4] * u;
    }
    return next;
  }

  static CartPoleState moved(const CartPoleState& from, const CartPoleState& rate,
                             double h) noexcept TAKT_RT {
    return {from[0] + h * rate[0], from[1] + h * rate[1], from[2] + h * rate[2],
            from[3] + h * rate[3]};
  }

  CartPoleState integrate(CartPoleState s, double u,
                          std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    if (elapsed.count() <= 0) return s;
    const std::int64_t wanted = (elapsed.count() + kSubstep.count() - 1) / kSubstep.count();
    const std::int64_t steps = std::min(wanted, kSubstepsMax);
    const double h = std::chrono::duration<double>(elapsed).count() / static_cast<double>(steps);
    for (std::int64_t n = 0; n < steps; ++n) {
      const CartPoleState k1 = derivative(s, u);
      const CartPoleState k2 = derivative(moved(s, k1, 0.5 * h), u);
      const CartPoleState k3 = derivative(moved(s, k2, 0.5 * h), u);
      const CartPoleState k4 = derivative(moved(s, k3, h), u);
      for (std::size_t i = 0; i < s.size(); ++i) {
        s[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
      }
    }
    return s;
  }

  Kind kind_ = Kind::linear;
  CartPoleParameters parameters_{};
  std::chrono::nanoseconds period_{0};
  Matrix<5> over_period_{};
};

}  // namespace takt::nodes
