// A rational transfer function of s, made discrete, as a difference equation.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>
#include <takt/base/text.hpp>

#include "nodes/common/matrix_exponential.hpp"

namespace takt::nodes {

inline constexpr std::size_t kFilterOrderMax = 8;

enum class Discretisation {
  zoh,     // Exact when the input stands still between two samples: for plants.
  tustin,  // s = 2/h (z-1)/(z+1): for filters; no prewarping.
};

// (b0 + b1 z^-1 + ...) / (1 + a1 z^-1 + ...)
struct DiscreteTransfer {
  std::size_t order = 0;
  std::array<double, kFilterOrderMax + 1> b{};
  std::array<double, kFilterOrderMax + 1> a{};
};

namespace detail {

using Coefficients = std::array<double, kFilterOrderMax + 1>;

// Multiplies a polynomial in z, highest power first, by (z + root).
inline void multiply(Coefficients& p, std::size_t degree, double root) {
  for (std::size_t i = degree + 1; i > 0; --i) p[i] += root * p[i - 1];
}

inline DiscreteTransfer tustin(const Coefficients& num, const Coefficients& den, std::size_t n,
                               double h) {
  DiscreteTransfer result{n, {}, {}};
  for (std::size_t i = 0; i <= n; ++i) {  // The term of s^(n-i): K^(n-i) (z-1)^(n-i) (z+1)^i.
    Coefficients term{};
    term[0] = std::pow(2.0 / h, static_cast<double>(n - i));
    for (std::size_t k = 0; k < n; ++k) multiply(term, k, k < n - i ? -1.0 : 1.0);
    for (std::size_t k = 0; k <= n; ++k) {
      result.b[k] += num[i] * term[k];
      result.a[k] += den[i] * term[k];
    }
  }
  const double first = result.a[0];
  for (std::size_t k = 0; k <= n; ++k) {
    result.b[k] /= first;
    result.a[k] /= first;
  }
  return result;
}

// By the exponential of the controllable canonical form, and back to a transfer function by
// Faddeev and LeVerrier.
inline DiscreteTransfer zoh(const Coefficients& num, const Coefficients& den, std::size_t n,
                            double h) {
  Matrix<kFilterOrderMax + 1> system{};
  for (std::size_t k = 0; k < n; ++k) {
    system[0][k] = -den[k + 1] * h;
    if (k > 0) system[k][k - 1] = h;
  }
  system[0][n] = h;  // The input.
  const auto next = matrix_exponential(system);
  Matrix<kFilterOrderMax + 1> a{};
  for (std::size_t i = 0; i < n; ++i) std::copy_n(next[i].begin(), n, a[i].begin());

  DiscreteTransfer result{n, {}, {}};
  result.a[0] = 1.0;
  result.b[0] = num[0];
  Matrix<kFilterOrderMax + 1> adjugate{};
  for (std::size_t i = 0; i < n; ++i) adjugate[i][i] = 1.0;
  for (std::size_t k = 1; k <= n; ++k) {
    double through = 0.0;  // C adj B of z^(n-k).
    for (std::size_t i = 0; i < n; ++i) {
      double state = 0.0;
      for (std::size_t j = 0; j < n; ++j) state += adjugate[i][j] * next[j][n];
      through += (num[i + 1] - den[i + 1] * num[0]) * state;
    }
    adjugate = product(a, adjugate);
    double trace = 0.0;
    for (std::size_t i = 0; i < n; ++i) trace += adjugate[i][i];
    result.a[k] = -trace / static_cast<double>(k);
    for (std::size_t i = 0; i < n; ++i) adjugate[i][i] += result.a[k];
    result.b[k] = num[0] * result.a[k] + through;
  }
  return result;
}

}  // namespace detail

// num(s) / den(s), the highest power of s first; `h`: the sample time in seconds. Errors: a
// denominator that begins with 0, a numerator of higher order, more than kFilterOrderMax, a result
// that is not finite. Not for a loop.
inline Result<DiscreteTransfer> discretise(const std::vector<double>& num,
                                           const std::vector<double>& den, double h,
                                           Discretisation method) {
  if (den.empty() || den.front() == 0.0) {
    return fail("the first number of den is 0", "leave it out: den begins with its highest power");
  }
  if (num.size() > den.size() || den.size() > kFilterOrderMax + 1) {
    return fail(format("num has order {} and den has order {}", num.size() - 1, den.size() - 1),
                format("num may not be of higher order than den, den of at most {}",
                       kFilterOrderMax));
  }
  const std::size_t n = den.size() - 1;
  // Time is counted in units of about the fastest pole, so that no coefficient is huge or tiny.
  double pole = 0.0;
  for (std::size_t i = 1; i <= n; ++i) {
    const double size = std::abs(den[i] / den[0]);
    pole = std::max(pole, std::pow(size, 1.0 / static_cast<double>(i)));
  }
  if (pole == 0.0) pole = 1.0;
  detail::Coefficients p{}, q{};
  for (std::size_t i = 0; i <= n; ++i) {
    const double scale = den[0] * std::pow(pole, static_cast<double>(i));
    q[i] = den[i] / scale;
    const std::size_t missing = den.size() - num.size();
    if (i >= missing) p[i] = num[i - missing] / scale;
  }
  const DiscreteTransfer result = method == Discretisation::zoh
                                      ? detail::zoh(p, q, n, h * pole)
                                      : detail::tustin(p, q, n, h * pole);
  const auto is_finite = [](double v) { return std::isfinite(v); };
  if (!std::all_of(result.a.begin(), result.a.end(), is_finite) ||
      !std::all_of(result.b.begin(), result.b.end(), is_finite)) {
    return fail("num and den give numbers beyond all bounds at this period",
                "is a coefficient off by powers of ten? s is in 1/s");
  }
  return result;
}

// Direct form II, transposed.
//
// Thread safety: one thread. Real time: yes, 4 * order operations a step. Lifetime: independent.
class DiscreteFilter {
 public:
  using State = std::array<double, kFilterOrderMax>;

  explicit DiscreteFilter(const DiscreteTransfer& transfer = {}) : t_(transfer) {}

  double step(double input) noexcept TAKT_RT {
    const double output = t_.b[0] * input + state_[0];
    for (std::size_t i = 0; i < t_.order; ++i) {
      const double behind = i + 1 < t_.order ? state_[i + 1] : 0.0;
      state_[i] = t_.b[i + 1] * input - t_.a[i + 1] * output + behind;
    }
    return output;
  }
  // As if it had been at rest for ever.
  void clear() noexcept TAKT_RT { state_ = {}; }
  // As if `input` had stood for ever; for a filter that settles.
  void settle(double input) noexcept TAKT_RT {
    double b = 0.0, a = 0.0;
    for (std::size_t i = 0; i <= t_.order; ++i) {
      b += t_.b[i];
      a += t_.a[i];
    }
    const double output = b / a * input;
    double behind = 0.0;
    for (std::size_t i = t_.order; i > 0; --i) {
      behind += t_.b[i] * input - t_.a[i] * output;
      state_[i - 1] = behind;
    }
  }
  const State& state() const noexcept TAKT_RT { return state_; }
  void restore(const State& state) noexcept { state_ = state; }

 private:
  DiscreteTransfer t_;
  State state_{};
};

}  // namespace takt::nodes
