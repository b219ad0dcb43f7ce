#include "runtime/scenario/trace.hpp"

#include <algorithm>
#include <cmath>

namespace takt::scenario {
namespace {

// Three, and half of one for what is sent at a time-out instead of on the grid.
constexpr double kPeriodsPerGap = 3.5;

// The place of the newest sample at `t`; there is one.
std::size_t newest(const SignalTrace& signal, std::int64_t t) {
  const auto behind = std::upper_bound(signal.t_ns.begin(), signal.t_ns.end(), t);
  return static_cast<std::size_t>(behind - signal.t_ns.begin()) - 1;
}

std::vector<std::int64_t> instants_of(const Trace& trace, const std::vector<std::size_t>& which,
                                      const Span& window) {
  std::vector<std::int64_t> times{window.begin.count()};
  for (const std::size_t i : which) {
    const auto& t = trace.signals[i].t_ns;
    const auto begin = std::upper_bound(t.begin(), t.end(), window.begin.count());
    times.insert(times.end(), begin, std::upper_bound(begin, t.end(), window.end.count()));
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

}  // namespace

double SignalTrace::at(std::int64_t t) const {
  const std::size_t i = newest(*this, t);
  if (!interpolates || i + 1 >= t_ns.size()) return values[i];
  const double part = static_cast<double>(t - t_ns[i]) / static_cast<double>(t_ns[i + 1] - t_ns[i]);
  return values[i] + part * (values[i + 1] - values[i]);
}

double SignalTrace::delta_at(std::int64_t t) const {
  const std::size_t i = newest(*this, t);
  return i == 0 ? 0.0 : values[i] - values[i - 1];
}

void Trace::for_each_instant(
    const std::vector<std::size_t>& which, const Span& window,
    const std::function<bool(std::int64_t t_ns, const Instant& instant)>& each) const {
  std::vector<double> values(signals.size()), deltas(signals.size());
  for (const std::int64_t t : instants_of(*this, which, window)) {
    const bool defined = std::all_of(which.begin(), which.end(),
                                     [&](std::size_t i) { return signals[i].defined_at(t); });
    if (!defined) continue;
    for (const std::size_t i : which) {
      values[i] = signals[i].at(t);
      deltas[i] = signals[i].delta_at(t);
    }
    if (!each(t, {static_cast<double>(t) * 1e-9, values, deltas})) return;
  }
}

std::optional<Trace::Gap> Trace::find_gap(const std::vector<std::size_t>& which, const Span& window,
                                          std::optional<nanoseconds> gap) const {
  for (const std::size_t i : which) {
    const SignalTrace& signal = signals[i];
    if (signal.period_ns == 0 || signal.t_ns.empty()) continue;
    const std::int64_t longest =
        gap ? gap->count() : std::llround(kPeriodsPerGap * static_cast<double>(signal.period_ns));
    const std::int64_t end = std::min(window.end.count(), end_ns);
    // Before its first sample a signal is undefined, which is no gap.
    std::int64_t last = std::max(window.begin.count(), signal.t_ns.front());
    auto at = std::lower_bound(signal.t_ns.begin(), signal.t_ns.end(), last);
    if (at != signal.t_ns.begin() && (at == signal.t_ns.end() || *at > last)) last = *(at - 1);
    for (; last < end; ++at) {
      const bool is_last = at == signal.t_ns.end() || *at >= end;
      const std::int64_t next = is_last ? end : *at;
      if (next - last > longest) return Gap{i, {nanoseconds(last), nanoseconds(next)}};
      if (is_last) break;
      last = next;
    }
  }
  return std::nullopt;
}

}  // namespace takt::scenario
