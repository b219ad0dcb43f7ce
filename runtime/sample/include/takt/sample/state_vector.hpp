// StateVector: the state of a process as numbers in a row, for controllers that feed it back.
#pragma once

#include <cstddef>

#include <takt/base/fixed.hpp>
#include <takt/sample/sample.hpp>

namespace takt {

// The longest state: what a position and a speed of four bodies need.
inline constexpr std::size_t kStatesMax = 8;

// Up to kStatesMax numbers. What each is, and in which SI unit, is said by the node that writes it.
struct StateVector {
  FixedVector<double, kStatesMax> x;
};
TAKT_SAMPLE(StateVector, (x));

}  // namespace takt
