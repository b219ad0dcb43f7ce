// Linear systems of up to kStatesMax states, and what designs and estimators compute with them.
//
//   x' = A x + b u,  over h seconds with u held:  x(t + h) = F x(t) + g u
//
// Smaller systems are padded with zeros, so that nothing has a size at run time and nothing
// allocates. Only additions, multiplications, divisions and comparisons: every machine gives the
// same bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include <takt/base/rt.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/common/matrix_exponential.hpp"

namespace takt::nodes {

using StateMatrix = Matrix<kStatesMax>;
using StateNumbers = std::array<double, kStatesMax>;

inline StateMatrix identity() noexcept TAKT_RT {
  StateMatrix m{};
  for (std::size_t i = 0; i < kStatesMax; ++i) m[i][i] = 1.0;
  return m;
}
inline StateMatrix transposed(const StateMatrix& a) noexcept TAKT_RT {
  StateMatrix m{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) m[i][j] = a[j][i];
  }
  return m;
}
// a + scale * b.
inline StateMatrix sum(StateMatrix a, const StateMatrix& b, double scale = 1.0) noexcept TAKT_RT {
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) a[i][j] += scale * b[i][j];
  }
  return a;
}
inline StateNumbers product(const StateMatrix& a, const StateNumbers& x) noexcept TAKT_RT {
  StateNumbers y{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) y[i] += a[i][j] * x[j];
  }
  return y;
}
inline double product(const StateNumbers& a, const StateNumbers& b) noexcept TAKT_RT {
  double value = 0.0;
  for (std::size_t i = 0; i < kStatesMax; ++i) value += a[i] * b[i];
  return value;
}
// scale * a b', column times row.
inline StateMatrix outer(const StateNumbers& a, const StateNumbers& b, double scale = 1.0) noexcept
    TAKT_RT {
  StateMatrix m{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) m[i][j] = scale * a[i] * b[j];
  }
  return m;
}
// (a + a') / 2, which rounding makes of a matrix that should be symmetric.
inline StateMatrix symmetric(const StateMatrix& a) noexcept TAKT_RT {
  StateMatrix m{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) m[i][j] = 0.5 * (a[i][j] + a[j][i]);
  }
  return m;
}

// The largest magnitude of a number of `a`; NaN when one is NaN.
template <std::size_t N>
double largest(const std::array<double, N>& a) noexcept TAKT_RT {
  double found = 0.0;
  for (const double value : a) {
    if (!(std::abs(value) <= found)) found = std::abs(value);
    if (std::isnan(found)) break;
  }
  return found;
}
inline double largest(const StateMatrix& a) noexcept TAKT_RT {
  StateNumbers rows{};
  for (std::size_t i = 0; i < kStatesMax; ++i) rows[i] = largest(a[i]);
  return largest(rows);
}

// b := a^-1 b, by elimination with the largest pivot of each column. False: `a` is singular.
inline bool solve(StateMatrix a, StateMatrix& b) noexcept {
  for (std::size_t k = 0; k < kStatesMax; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < kStatesMax; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    if (!(std::abs(a[pivot][k]) > 0.0)) return false;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = 0; i < kStatesMax; ++i) {
      if (i == k) continue;
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < kStatesMax; ++j) a[i][j] -= factor * a[k][j];
      for (std::size_t j = 0; j < kStatesMax; ++j) b[i][j] -= factor * b[k][j];
    }
  }
  for (std::size_t k = 0; k < kStatesMax; ++k) {
    for (double& value : b[k]) value /= a[k][k];
  }
  return true;
}

// Rounding that a matrix may carry, relative to its largest number.
inline constexpr double kMatrixRounding = 1e-12;

inline bool is_symmetric(const StateMatrix& a) noexcept {
  return largest(sum(a, transposed(a), -1.0)) <= kMatrixRounding * largest(a);
}
// Of a symmetric matrix, by Cholesky with the largest pivot of the diagonal: what is left when no
// pivot is above 0 must be 0.
inline bool is_positive_semidefinite(StateMatrix a) noexcept {
  const double nothing = kMatrixRounding * largest(a);
  for (std::size_t turn = 0; turn < kStatesMax; ++turn) {
    std::size_t k = 0;
    for (std::size_t i = 1; i < kStatesMax; ++i) {
      if (a[i][i] > a[k][k]) k = i;
    }
    if (!(a[k][k] > nothing)) break;
    const StateNumbers row = a[k];
    a = sum(a, outer(row, row, 1.0 / row[k]), -1.0);
  }
  return largest(a) <= nothing;
}

struct DiscreteSystem {
  StateMatrix f{};
  StateNumbers g{};
};

// Exact: the exponential of [A b; 0 0] h for the first `order` states; nothing of the padding goes
// on to the next sample. What is beyond all numbers is not finite.
inline DiscreteSystem discretise_held(const StateMatrix& a, const StateNumbers& b,
                                      std::size_t order, double h) noexcept {
  Matrix<kStatesMax + 1> block{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) block[i][j] = a[i][j] * h;
    block[i][kStatesMax] = b[i] * h;
  }
  const auto moved = matrix_exponential(block);
  DiscreteSystem system;
  for (std::size_t i = 0; i < order; ++i) {
    std::copy_n(moved[i].begin(), order, system.f[i].begin());
    system.g[i] = moved[i][kStatesMax];
  }
  return system;
}

}  // namespace takt::nodes
