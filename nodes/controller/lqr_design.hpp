// Gains of a linear quadratic regulator for one input, without ports. Computed once, not in a loop.
//
//   u(k) = -K x(k) makes the sum over all k of x' Q x + r u^2 as small as it can be, for
//   x(k+1) = F x(k) + g u(k)
//
//   K = (r + g' X g)^-1 g' X F,  X the stabilising solution of the discrete Riccati equation
//   X = F' X F - F' X g (r + g' X g)^-1 g' X F + Q
//
// Sources: Anderson and Moore, "Optimal Control: Linear Quadratic Methods", 1990 (the gain); Chu,
// Fan, Lin, Wang, "Structure-preserving algorithms for periodic discrete-time algebraic Riccati
// equations", Int. J. Control 77, 2004 (the doubling):
//
//   W = 1 + G X,  A <- A W^-1 A,  G <- G + A W^-1 G A',  X <- X + A' X W^-1 A
//
// from A = F, G = g g'/r, X = Q. After n turns A is the closed loop over 2^n periods: it vanishes
// when, and only when, the loop is stable.
#pragma once

#include <cmath>
#include <cstddef>

#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

#include "nodes/common/state_space.hpp"

namespace takt::nodes {

struct RiccatiSolution {
  bool stable = false;
  StateMatrix x{};
  std::size_t loudest = 0;  // Of a loop that is not stable: the state that goes furthest.
};

inline RiccatiSolution solve_riccati(const DiscreteSystem& system, const StateMatrix& q, double r) {
  // 2^40 periods ahead: a mode that rounding alone makes decay has not decayed by then.
  constexpr int kTurnsMax = 40;
  constexpr double kSettled = 1e-15, kVanished = 1e-8, kBurst = 1e100;
  StateMatrix a = system.f;
  StateMatrix g = outer(system.g, system.g, 1.0 / r);
  RiccatiSolution solution{.x = q};
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    StateMatrix wa = a, wg = g;
    const StateMatrix w = sum(identity(), product(g, solution.x));
    if (!solve(w, wa) || !solve(w, wg)) break;
    const StateMatrix ta = transposed(a);
    const StateMatrix step = product(ta, product(solution.x, wa));
    g = symmetric(sum(g, product(a, product(wg, ta))));
    a = product(a, wa);
    if (!(largest(a) < kBurst && largest(step) < kBurst && largest(g) < kBurst)) break;
    solution.x = symmetric(sum(solution.x, step));
    if (largest(a) <= kVanished && largest(step) <= kSettled * largest(solution.x)) {
      solution.stable = true;
      return solution;
    }
  }
  for (std::size_t i = 1; i < kStatesMax; ++i) {
    if (largest(a[i]) > largest(a[solution.loudest])) solution.loudest = i;
  }
  return solution;
}

// Errors: no loop is stable, or that with the least cost is not; `r` is above 0, `q` symmetric and
// positive semidefinite.
inline Result<StateNumbers> design_lqr(const DiscreteSystem& system, const StateMatrix& q,
                                       double r) {
  if (!std::isfinite(largest(system.f)) || !std::isfinite(largest(system.g))) {
    return fail("a and b give numbers beyond all bounds at this period",
                "is a number of a off by powers of ten? It is in 1/s");
  }
  const RiccatiSolution solution = solve_riccati(system, q, r);
  if (!solution.stable) {
    const RiccatiSolution all_weighed = solve_riccati(system, identity(), 1.0);
    if (!all_weighed.stable) {
      return fail(format("the pair a, b is not stabilisable at this period: whatever the input "
                         "does, state {} does not come to rest",
                         all_weighed.loudest + 1),
                  "is a number of b missing? Leave states out that the input cannot reach");
    }
    return fail(format("q does not weigh what state {} does, which does not come to rest by itself",
                       solution.loudest + 1),
                "give q a weight on that state; q and r may differ by too many powers of ten");
  }
  const StateNumbers weighted = product(solution.x, system.g);
  StateNumbers k = product(transposed(system.f), weighted);
  for (double& gain : k) gain /= r + product(system.g, weighted);
  return k;
}

// The gain of a reference with which c x settles on it: 1 / (c (1 - F + g K)^-1 g). Errors: c x
// settles on 0 whatever the reference is.
inline Result<double> reference_gain(const DiscreteSystem& system, const StateNumbers& c,
                                     const StateNumbers& k) {
  // Far above rounding, far below what a usable output has.
  constexpr double kNothing = 1e-10;
  StateMatrix settled = outer(system.g, identity()[0]);  // In its first column.
  const StateMatrix rest = sum(sum(identity(), system.f, -1.0), outer(system.g, k));
  const bool regular = solve(rest, settled);
  const StateNumbers x = transposed(settled)[0];
  const double output = product(c, x);
  if (!regular || !(std::abs(output) > kNothing * largest(c) * largest(x))) {
    return fail("what c names settles on 0 whatever the input is",
                "let c name what the reference is for, a position for example");
  }
  return 1.0 / output;
}

}  // namespace takt::nodes
