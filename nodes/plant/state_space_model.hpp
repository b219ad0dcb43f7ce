// A linear plant without ports: exact for inputs that are held over each interval.
//
//   x' = A x + B u     x: up to 8 states, u: up to 2 inputs
//   y  = C x + D u
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

#include <takt/base/rt.hpp>
#include <takt/sample/state_vector.hpp>

#include "nodes/common/matrix_exponential.hpp"
#include "nodes/plant/integration.hpp"

namespace takt::nodes {

inline constexpr std::size_t kPlantInputsMax = 2;
using PlantState = std::array<double, kStatesMax>;
using PlantInputs = std::array<double, kPlantInputsMax>;

struct StateSpaceMatrices {
  std::size_t states = 0;
  std::size_t inputs = 1;
  Matrix<kStatesMax> a{};
  std::array<PlantInputs, kStatesMax> b{};
  PlantState c{};
  PlantInputs d{};
};

// Thread safety: one thread. Real time: `advance` is; construction too. Lifetime: independent.
class StateSpaceModel {
 public:
  using Transition = Matrix<kStatesMax + kPlantInputsMax>;

  StateSpaceModel() = default;
  StateSpaceModel(const StateSpaceMatrices& matrices, std::chrono::nanoseconds period) noexcept
      : matrices_(matrices), period_(period), over_period_(transition_over(period)) {}

  // False when the matrices and the period leave the range of double.
  bool is_finite() const noexcept {
    return std::all_of(over_period_.begin(), over_period_.end(), [](const auto& row) {
      return std::all_of(row.begin(), row.end(), [](double e) { return std::isfinite(e); });
    });
  }

  // The state `elapsed` later. Cost of a whole period: states * (states + inputs) multiplications;
  // of any other time a matrix exponential of order 10.
  PlantState advance(const PlantState& state, const PlantInputs& u,
                     std::chrono::nanoseconds elapsed) const noexcept TAKT_RT {
    return advance_by_periods(state, elapsed, period_,
                              [&](const PlantState& x, std::chrono::nanoseconds interval) {
                                return interval == period_ ? apply(over_period_, x, u)
                                                           : apply(transition_over(interval), x, u);
                              });
  }

  double output(const PlantState& x, const PlantInputs& u) const noexcept TAKT_RT {
    double y = 0.0;
    for (std::size_t i = 0; i < matrices_.states; ++i) y += matrices_.c[i] * x[i];
    for (std::size_t i = 0; i < matrices_.inputs; ++i) y += matrices_.d[i] * u[i];
    return y;
  }

  // [F G; 0 1] with x(t + interval) = F x(t) + G u: the exponential of [A B; 0 0] * interval.
  // States come first, then the inputs from place kStatesMax on.
  Transition transition_over(std::chrono::nanoseconds interval) const noexcept TAKT_RT {
    const double h = std::chrono::duration<double>(interval).count();
    Transition system{};
    for (std::size_t i = 0; i < matrices_.states; ++i) {
      for (std::size_t j = 0; j < matrices_.states; ++j) system[i][j] = matrices_.a[i][j] * h;
      for (std::size_t j = 0; j < matrices_.inputs; ++j) {
        system[i][kStatesMax + j] = matrices_.b[i][j] * h;
      }
    }
    return matrix_exponential(system);
  }

 private:
  PlantState apply(const Transition& m, const PlantState& x, const PlantInputs& u) const noexcept
      TAKT_RT {
    PlantState next{};
    for (std::size_t i = 0; i < matrices_.states; ++i) {
      for (std::size_t j = 0; j < matrices_.states; ++j) next[i] += m[i][j] * x[j];
      for (std::size_t j = 0; j < matrices_.inputs; ++j) next[i] += m[i][kStatesMax + j] * u[j];
    }
    return next;
  }

  StateSpaceMatrices matrices_{};
  std::chrono::nanoseconds period_{0};
  Transition over_period_{};
};

}  // namespace takt::nodes
