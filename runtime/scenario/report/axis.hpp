// An axis: the range of what is drawn and where its ticks stand.
#pragma once

#include <string>
#include <vector>

namespace takt::scenario {

struct AxisRange {
  double low = 0.0;
  double high = 1.0;
  double size() const { return high - low; }
};

// Where ticks stand: multiples of 1, 2 or 5 times a power of ten within the range, about `wanted`
// of them. Never none, also for a range beyond what a double resolves.
std::vector<double> ticks_of(const AxisRange& range, std::size_t wanted);

// With as many digits as the distance of the ticks needs: "0.25", "1200", "3e+06".
std::string tick_text(double tick, double distance);

}  // namespace takt::scenario
