// A complementary filter, without ports: an angle from a noisy angle and a drifting rate.
//
//   estimate = a (estimate + rate h) + (1 - a) angle,  a = tau / (tau + h)
//
// The angle passes a low-pass with the time constant tau, the integrated rate the high-pass that
// complements it; a constant error b of the rate leaves an error of b tau.
// Sources: Higgins, "A comparison of complementary and Kalman filtering", IEEE Trans. AES 11, 1975;
// Colton, "The balance filter", MIT, 2007 (the discrete form).
#pragma once

#include <cmath>
#include <numbers>

#include <takt/base/rt.hpp>

namespace takt::nodes {

// Thread safety: one thread. Real time: yes. Lifetime: independent, trivially copyable.
class ComplementaryFilter {
 public:
  ComplementaryFilter() = default;
  // `tau` in seconds, above 0; `wraps`: angles are in [-pi, pi] and go round.
  ComplementaryFilter(double tau, bool wraps) : tau_(tau), wraps_(wraps) {}

  void begin_at(double angle) noexcept TAKT_RT { estimate_ = wrapped(angle); }
  // `h`: seconds since the step before, from 0.
  double step(double angle, double rate, double h) noexcept TAKT_RT {
    const double predicted = estimate_ + rate * h;
    const double share = h / (tau_ + h);  // 1 - a
    return accept(predicted + share * wrapped(angle - predicted));
  }
  // While there is no angle: the rate alone.
  double coast(double rate, double h) noexcept TAKT_RT { return accept(estimate_ + rate * h); }

 private:
  double wrapped(double angle) const noexcept TAKT_RT {
    return wraps_ ? std::remainder(angle, 2.0 * std::numbers::pi) : angle;
  }
  // What is not finite is said, and not kept.
  double accept(double value) noexcept TAKT_RT {
    const double next = wrapped(value);
    if (std::isfinite(next)) estimate_ = next;
    return next;
  }

  double tau_ = 1.0;
  bool wraps_ = false;
  double estimate_ = 0.0;
};

}  // namespace takt::nodes
