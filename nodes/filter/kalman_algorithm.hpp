// The discrete Kalman filter for independent measurements, without ports.
//
//   predict   x <- F x + g u            P <- F P F' + Q
//   correct   for each measurement y = c x + v, v of variance r, one after the other:
//             k = P c' / (c P c' + r)   x <- x + k (y - c x)
//             P <- (1 - k c) P (1 - k c)' + r k k'
//
// Sources: Kalman, "A new approach to linear filtering and prediction problems", 1960; Bucy and
// Joseph, "Filtering for stochastic processes", 1968 (the form of P, which rounding does not make
// indefinite); Maybeck, "Stochastic models, estimation, and control", vol. 1 (one measurement after
// the other: exact for noises that are independent, and without an inverse); Van Loan, "Computing
// integrals involving the matrix exponential", 1978 (the noise of a continuous process over one
// period).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <takt/base/rt.hpp>
#include <takt/sample/sample.hpp>

#include "nodes/common/state_space.hpp"

namespace takt::nodes {

// What a body has: position, speed, angle and rate, each with its own sensor.
inline constexpr std::size_t kMeasurementsMax = 4;

struct KalmanModel {
  DiscreteSystem system{};  // Over one period.
  StateMatrix q{};          // Covariance that one period adds.
  std::array<StateNumbers, kMeasurementsMax> c{};
  std::array<double, kMeasurementsMax> r{};  // Above 0.
};

struct KalmanState {
  StateNumbers x;
  std::array<double, kStatesMax * kStatesMax> p;  // Row by row.
};
TAKT_SAMPLE(KalmanState, (x), (p));

// The covariance that white noise of the spectral density `q` adds to x' = A x over `h` seconds:
// the integral of e^(A s) q e^(A' s). By Van Loan over a short time, doubled until it is `h`. Not
// for a loop.
inline StateMatrix accumulated_noise(const StateMatrix& a, const StateMatrix& q,
                                     double h) noexcept {
  constexpr int kDoublingsMax = 100;
  int doublings = 0;
  while (largest(a) * kStatesMax * std::ldexp(h, -doublings) > 1.0 && doublings < kDoublingsMax) {
    ++doublings;
  }
  const double step = std::ldexp(h, -doublings);
  Matrix<2 * kStatesMax> block{};
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) {
      block[i][j] = -a[i][j] * step;
      block[i][kStatesMax + j] = q[i][j] * step;
      block[kStatesMax + i][kStatesMax + j] = a[j][i] * step;
    }
  }
  const auto moved = matrix_exponential(block);
  StateMatrix f{}, rest{};  // e^(A step), and its inverse times the covariance.
  for (std::size_t i = 0; i < kStatesMax; ++i) {
    for (std::size_t j = 0; j < kStatesMax; ++j) {
      f[j][i] = moved[kStatesMax + i][kStatesMax + j];
      rest[i][j] = moved[i][kStatesMax + j];
    }
  }
  StateMatrix covariance = product(f, rest);
  for (; doublings > 0; --doublings) {
    covariance = sum(covariance, product(f, product(covariance, transposed(f))));
    f = product(f, f);
  }
  return symmetric(covariance);
}

// Thread safety: one thread. Real time: as marked. Lifetime: independent, trivially copyable.
class KalmanFilter {
 public:
  KalmanFilter() = default;
  explicit KalmanFilter(const KalmanModel& model) : model_(model) {}

  void begin(const StateNumbers& x, const StateMatrix& p) noexcept TAKT_RT {
    x_ = x;
    p_ = p;
  }
  // One period on, with `u` held. Cost: 1100 multiplications.
  void predict(double u) noexcept TAKT_RT {
    const auto& [f, g] = model_.system;
    x_ = product(f, x_);
    for (std::size_t i = 0; i < kStatesMax; ++i) x_[i] += g[i] * u;
    p_ = symmetric(sum(product(f, product(p_, transposed(f))), model_.q));
  }
  // Takes the measurement `index` in. Cost: 1300 multiplications.
  void correct(std::size_t index, double y) noexcept TAKT_RT {
    const StateNumbers& c = model_.c[index];
    const double r = model_.r[index];
    StateNumbers k = product(p_, c);
    const double variance = product(c, k) + r;
    for (double& gain : k) gain /= variance;
    const double innovation = y - product(c, x_);
    for (std::size_t i = 0; i < kStatesMax; ++i) x_[i] += k[i] * innovation;
    const StateMatrix rest = sum(identity(), outer(k, c), -1.0);
    p_ = symmetric(sum(product(rest, product(p_, transposed(rest))), outer(k, k, r)));
  }

  const StateNumbers& x() const noexcept TAKT_RT { return x_; }
  // Standard deviation of the estimate's state `i`.
  double deviation(std::size_t i) const noexcept TAKT_RT {
    return std::sqrt(std::max(p_[i][i], 0.0));
  }
  KalmanState state() const noexcept TAKT_RT {
    KalmanState kept{.x = x_, .p = {}};
    for (std::size_t i = 0; i < kStatesMax; ++i) {
      std::copy(p_[i].begin(), p_[i].end(),
                kept.p.begin() + static_cast<std::ptrdiff_t>(kStatesMax * i));
    }
    return kept;
  }
  void restore(const KalmanState& kept) noexcept {
    x_ = kept.x;
    for (std::size_t i = 0; i < kStatesMax; ++i) {
      std::copy_n(kept.p.begin() + static_cast<std::ptrdiff_t>(kStatesMax * i), kStatesMax,
                  p_[i].begin());
    }
  }

 private:
  KalmanModel model_;
  StateNumbers x_{};
  StateMatrix p_{};
};

}  // namespace takt::nodes
