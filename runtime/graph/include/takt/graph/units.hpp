// Units of physical quantities, by UDUNITS-2. No other file knows that library.
//
// Thread safety: any thread; calls are serialised, the library is not. Real time: no. The unit
// database is read at the first call (6 ms).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace takt::graph {

// True when `unit` is a unit such as "rad/s", "N.m", "%" or "1": no factor in front, no time of
// day, no logarithm.
bool is_unit(std::string_view unit);

// `value` in `to`; none when one of them is no unit or they measure different things. Frequencies
// (Hz) and angular velocities (rad/s) measure different things although their dimensions agree: a
// silent factor of one would be wrong by 2 pi.
std::optional<double> convert(double value, std::string_view from, std::string_view to);

// True when both are units and numbers in one are the same numbers in the other.
bool same_unit(std::string_view a, std::string_view b);

// True when a value can be converted.
bool convertible(std::string_view a, std::string_view b);

// "rad/s" -> "rad/s.s-1": the unit of a rate of change.
std::string per_second(std::string_view unit);

}  // namespace takt::graph
