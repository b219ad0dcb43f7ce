// The parameters of a Kalman filter as texts, and the model that they make. Not for a loop.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>

#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

#include "nodes/common/matrix_params.hpp"
#include "nodes/filter/kalman_algorithm.hpp"

namespace takt::nodes {

struct KalmanTexts {
  std::string a, b, c, q, r, p0, x0;  // `b` and `x0` may be empty: zeros.
  bool continuous = true;
};

struct KalmanSetup {
  std::size_t order = 0;
  std::size_t measurements = 0;
  KalmanModel model;
  StateNumbers x0{};
  StateMatrix p0{};
};

namespace detail {

inline Result<void> read_measurements(const KalmanTexts& texts, KalmanSetup& setup) {
  const auto c = parse_matrix("c", texts.c, kStatesMax);
  if (!c) return c.error();
  if (c->columns != setup.order || c->rows > kMeasurementsMax) {
    return fail(
        format("c is {} x {} and a is {} x {}", c->rows, c->columns, setup.order, setup.order),
        format("give c one row a measurement, up to {}, and one column a state", kMeasurementsMax));
  }
  const auto r = parse_vector("r", texts.r, kMeasurementsMax);
  if (!r) return r.error();
  if (r->size() != c->rows) {
    return fail(format("r has {} numbers and c has {} rows", r->size(), c->rows),
                "give the variance of each measurement");
  }
  setup.measurements = c->rows;
  for (std::size_t i = 0; i < c->rows; ++i) {
    for (std::size_t j = 0; j < setup.order; ++j) setup.model.c[i][j] = c->at(i, j);
    setup.model.r[i] = (*r)[i];
    if (!((*r)[i] > 0.0)) {
      return fail(format("the variance {} of measurement {} is not above 0", (*r)[i], i + 1),
                  "no sensor is exact: give the square of its standard deviation");
    }
  }
  return {};
}

}  // namespace detail

// Errors: what stands in a text is no matrix, of the wrong size, or no covariance; numbers beyond
// all bounds at the period of `h` seconds.
inline Result<KalmanSetup> make_kalman(const KalmanTexts& texts, double h) {
  KalmanSetup setup;
  const auto a = parse_square("a", texts.a);
  if (!a) return a.error();
  setup.order = a->order;
  StateNumbers b{};
  if (!texts.b.empty()) {
    const auto given = parse_states("b", texts.b, setup.order);
    if (!given) return given.error();
    b = *given;
  }
  if (!texts.x0.empty()) {
    const auto given = parse_states("x0", texts.x0, setup.order);
    if (!given) return given.error();
    setup.x0 = *given;
  }
  if (auto read = detail::read_measurements(texts, setup); !read) return read.error();
  const auto q = parse_weight("q", texts.q, setup.order);
  if (!q) return q.error();
  const auto p0 = parse_weight("p0", texts.p0, setup.order);
  if (!p0) return p0.error();
  setup.p0 = *p0;
  setup.model.system = texts.continuous ? discretise_held(a->matrix, b, setup.order, h)
                                        : DiscreteSystem{a->matrix, b};
  setup.model.q = texts.continuous ? accumulated_noise(a->matrix, *q, h) : *q;
  if (!std::isfinite(largest(setup.model.system.f)) ||
      !std::isfinite(largest(setup.model.system.g)) || !std::isfinite(largest(setup.model.q))) {
    return fail("a, b and q give numbers beyond all bounds at this period",
                "is a number of a off by powers of ten? In continuous time it is in 1/s");
  }
  return setup;
}

}  // namespace takt::nodes
