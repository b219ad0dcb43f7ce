// What is marked in a plot besides its curves.
#pragma once

#include <string>
#include <vector>

#include "runtime/scenario/report/axis.hpp"
#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// Each in the box of the curves, thinned where marks fall on each other: a page stays small.
std::string fault_marks(const RunResult& run, const AxisRange& time);
std::string event_marks(const RunResult& run, const AxisRange& time);
// Of the assessments that judged one of these signals.
std::string violation_marks(const RunResult& run, const std::vector<const SignalRecord*>& signals,
                            const AxisRange& time);
std::string worst_marks(const RunResult& run, const std::vector<const SignalRecord*>& signals,
                        const AxisRange& time, const AxisRange& values);

// The names of the faults above a panel of `width`, in up to four rows, from `left` on.
struct FaultNames {
  std::string svg;
  int rows = 0;
};
FaultNames fault_names(const RunResult& run, const AxisRange& time, double left, double width);

}  // namespace takt::scenario
