#include "runtime/scenario/report/curve.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

std::size_t size_of(const SignalRecord& signal) {
  return std::min(signal.t_ns.size(), signal.values.size());
}

double seconds_at(const SignalRecord& signal, std::size_t i) {
  return static_cast<double>(signal.t_ns[i]) * 1e-9;
}

std::int64_t scaled(double value, double low, double size, double box) {
  return std::llround(std::clamp((value - low) / size, -1.0, 2.0) * box);
}

// The samples of one part of the time that must not be lost.
struct Part {
  std::size_t first, last, smallest, largest;
  std::optional<std::size_t> gap;

  explicit Part(std::size_t i) : first(i), last(i), smallest(i), largest(i) {}

  void add(const std::vector<double>& values, std::size_t i) {
    last = i;
    if (!std::isfinite(values[i])) {
      if (!gap) gap = i;
      return;
    }
    if (!(values[i] >= values[smallest])) smallest = i;
    if (!(values[i] <= values[largest])) largest = i;
  }

  void write_to(std::vector<std::size_t>& kept) const {
    std::vector<std::size_t> all{first, smallest, largest, last};
    if (gap) all.push_back(*gap);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    kept.insert(kept.end(), all.begin(), all.end());
  }
};

}  // namespace

std::vector<std::size_t> thinned(const SignalRecord& signal, const AxisRange& time) {
  const std::size_t size = size_of(signal);
  std::vector<std::size_t> kept;
  if (size <= 2 * kCurveParts) {
    for (std::size_t i = 0; i < size; ++i) kept.push_back(i);
    return kept;
  }
  const auto part_of = [&](std::size_t i) {
    return std::floor((seconds_at(signal, i) - time.low) / time.size() * kCurveParts);
  };
  Part part(0);
  part.add(signal.values, 0);
  for (std::size_t i = 1; i < size; ++i) {
    if (part_of(i) != part_of(part.first)) {
      part.write_to(kept);
      part = Part(i);
    }
    part.add(signal.values, i);
  }
  part.write_to(kept);
  return kept;
}

std::optional<AxisRange> range_of(const std::vector<const SignalRecord*>& signals) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const SignalRecord* signal : signals) {
    for (const double value : signal->values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low > high) return std::nullopt;
  // Halves, so that the distance of the largest doubles does not overflow.
  double margin = 2 * 0.06 * (high / 2 - low / 2);
  const double least = 1e-9 * std::max(std::abs(low), std::abs(high));
  if (margin <= least) margin = low == 0.0 && high == 0.0 ? 1.0 : 0.1 * std::abs(low);
  return AxisRange{low - margin, high + margin};
}

std::string path_of(const SignalRecord& signal, const AxisRange& time, const AxisRange& values) {
  std::string d;
  const auto out = std::back_inserter(d);
  bool drawing = false;
  std::int64_t x = 0;
  std::int64_t y = 0;
  for (const std::size_t i : thinned(signal, time)) {
    const std::int64_t to_x = scaled(seconds_at(signal, i), time.low, time.size(), kBoxWidth);
    const bool finite = std::isfinite(signal.values[i]);
    if (drawing && (!signal.interpolates || !finite) && to_x != x) {
      fmt::format_to(out, "h{}", to_x - x);
      x = to_x;
    }
    if (!finite) {
      drawing = false;
      continue;
    }
    const std::int64_t to_y =
        scaled(values.high - signal.values[i], 0.0, values.size(), kBoxHeight);
    if (!drawing) {
      fmt::format_to(out, "M{} {}", to_x, to_y);
    } else if (to_x != x) {
      fmt::format_to(out, "l{} {}", to_x - x, to_y - y);
    } else if (to_y != y) {
      fmt::format_to(out, "v{}", to_y - y);
    }
    drawing = true;
    x = to_x;
    y = to_y;
  }
  if (drawing) fmt::format_to(out, "H{:.0f}", kBoxWidth);
  return d;
}

std::optional<double> value_at(const SignalRecord& signal, nanoseconds t) {
  const auto end = signal.t_ns.begin() + static_cast<std::ptrdiff_t>(size_of(signal));
  const auto next = std::upper_bound(signal.t_ns.begin(), end, t.count());
  if (next == signal.t_ns.begin()) return std::nullopt;
  const auto i = static_cast<std::size_t>(next - signal.t_ns.begin()) - 1;
  const double value = signal.values[i];
  if (!signal.interpolates || next == end) return value;
  const double part =
      static_cast<double>(t.count() - signal.t_ns[i]) / static_cast<double>(*next - signal.t_ns[i]);
  return value + part * (signal.values[i + 1] - value);
}

}  // namespace takt::scenario
