// The exponential of a small square matrix, by scaling, Taylor series and squaring.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <takt/base/rt.hpp>

namespace takt::nodes {

template <std::size_t N>
using Matrix = std::array<std::array<double, N>, N>;

template <std::size_t N>
Matrix<N> product(const Matrix<N>& a, const Matrix<N>& b) noexcept TAKT_RT {
  Matrix<N> result{};
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = 0; k < N; ++k) {
      for (std::size_t j = 0; j < N; ++j) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

// Only additions, multiplications and exact scalings, so every machine gives the same bytes. Cost:
// about 20 + log2(norm) products of N^3 multiplications. Every squaring doubles the rounding of the
// slow modes: the relative error is about 2e-16 times the norm. A matrix that is not finite, or
// whose exponential overflows, gives a result that is not finite.
template <std::size_t N>
Matrix<N> matrix_exponential(Matrix<N> a) noexcept TAKT_RT {
  // 18 terms at a norm of at most 1/2 leave a remainder of 0.5^19 / 19! < 1e-22.
  constexpr int kTerms = 18;

  double norm = 0.0;
  for (const auto& row : a) {
    double sum = 0.0;
    for (const double element : row) sum += std::abs(element);
    if (!(sum <= norm)) norm = sum;  // Also when the sum is NaN.
  }
  int squarings = 0;
  if (std::isfinite(norm) && norm > 0.5) {
    squarings = std::max(0, std::ilogb(norm) + 2);
    for (auto& row : a) {
      for (double& element : row) element = std::ldexp(element, -squarings);
    }
  }

  Matrix<N> sum{};
  for (std::size_t i = 0; i < N; ++i) sum[i][i] = 1.0;
  Matrix<N> term = sum;
  for (int n = 1; n <= kTerms; ++n) {
    term = product(term, a);
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j < N; ++j) {
        term[i][j] /= static_cast<double>(n);
        sum[i][j] += term[i][j];
      }
    }
  }
  for (int i = 0; i < squarings; ++i) sum = product(sum, sum);
  return sum;
}

}  // namespace takt::nodes
