#include "runtime/scenario/report/axis.hpp"

#include <algorithm>
#include <cmath>

#include <takt/base/text.hpp>

namespace takt::scenario {

std::vector<double> ticks_of(const AxisRange& range, std::size_t wanted) {
  const double raw = range.size() / static_cast<double>(std::max<std::size_t>(wanted, 1));
  if (!(raw > 0.0) || !std::isfinite(raw)) return {range.low};
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double part = raw / power;
  const double distance = power * (part <= 1.0   ? 1.0
                                   : part <= 2.0 ? 2.0
                                   : part <= 5.0 ? 5.0
                                                 : 10.0);
  std::vector<double> ticks;
  // Counted, not added up: 0.1 three times is not 0.3.
  const double first = std::ceil(range.low / distance - 1e-9);
  for (std::size_t i = 0; i <= 2 * wanted; ++i) {
    const double tick = (first + static_cast<double>(i)) * distance;
    if (tick > range.high + distance * 1e-9) break;
    ticks.push_back(tick);
  }
  if (ticks.empty()) ticks.push_back(range.low);
  return ticks;
}

std::string tick_text(double tick, double distance) {
  if (tick == 0.0) return "0";
  const double largest = std::abs(tick);
  if (largest >= 1e6 || largest < 1e-4 || !(distance > 0.0)) return format("{:.4g}", tick);
  const int digits = static_cast<int>(std::ceil(-std::log10(distance) - 1e-9));
  return format("{:.{}f}", tick, std::clamp(digits, 0, 9));
}

}  // namespace takt::scenario
