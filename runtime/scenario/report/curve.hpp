// One signal as the path of an SVG.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runtime/scenario/report/axis.hpp"
#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// The box in which curves are drawn, in whole numbers: a browser stretches it to the panel.
inline constexpr double kBoxWidth = 1e6;
inline constexpr double kBoxHeight = 1e5;
// A curve keeps the first, the smallest, the largest and the last sample of each of so many parts
// of the time: about four to a pixel, so that a page can be zoomed into.
inline constexpr std::size_t kCurveParts = 4000;

// The samples that a drawing over `time` (in seconds) needs, by their place, ascending. All where
// they are few.
std::vector<std::size_t> thinned(const SignalRecord& signal, const AxisRange& time);

// The smallest and the largest finite value of any of the signals, with a margin; none when there
// is no finite value.
std::optional<AxisRange> range_of(const std::vector<const SignalRecord*>& signals);

// The `d` of a path: a staircase, or straight lines where the signal was driven so; held until the
// end of `time`. A sample that is no finite number leaves a gap.
std::string path_of(const SignalRecord& signal, const AxisRange& time, const AxisRange& values);

// What the signal was worth at `t` seconds. None before its first sample.
std::optional<double> value_at(const SignalRecord& signal, nanoseconds t);

}  // namespace takt::scenario
