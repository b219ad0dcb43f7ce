#include "runtime/scenario/stage/drive.hpp"

#include <algorithm>

namespace takt::scenario {
namespace {

bool is_same(const InputTarget& a, const InputTarget& b) {
  return a.node == b.node && a.input == b.input && a.field == b.field;
}

double value_of(const Injection& injection, nanoseconds t) {
  const auto& points = injection.points;
  const auto behind =
      std::upper_bound(points.begin(), points.end(), t,
                       [](nanoseconds at, const InjectionPoint& point) { return at < point.at; });
  if (behind == points.begin()) return points.front().value;
  const InjectionPoint& last = *(behind - 1);
  if (!injection.interpolate || behind == points.end()) return last.value;
  const double part = static_cast<double>((t - last.at).count()) /
                      static_cast<double>((behind->at - last.at).count());
  return last.value + part * (behind->value - last.value);
}

}  // namespace

std::optional<double> driven_value(const std::vector<Injection>& injections,
                                   const InputTarget& target, nanoseconds t) {
  std::optional<double> value;
  for (const Injection& injection : injections) {
    const bool acts = injection.verb == InjectionVerb::set && is_same(injection.target, target) &&
                      injection.from <= t && t < injection.until;
    if (acts) value = value_of(injection, t);
  }
  return value;
}

SignalTrace driven_signal(const std::vector<Injection>& injections, const SignalSpec& signal,
                          nanoseconds end) {
  const InputTarget target{signal.node, signal.port, signal.field, ""};
  std::vector<std::int64_t> times;
  if (signal.period.count() > 0) {
    for (nanoseconds t{0}; t <= end; t += signal.period) times.push_back(t.count());
  }
  for (const Injection& injection : injections) {
    if (!is_same(injection.target, target)) continue;
    times.push_back(injection.from.count());
    times.push_back(injection.until.count());
    for (const InjectionPoint& point : injection.points) times.push_back(point.at.count());
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  SignalTrace trace;
  for (const std::int64_t t : times) {
    if (t < 0 || t > end.count()) continue;
    const auto value = driven_value(injections, target, nanoseconds(t));
    if (!value) continue;
    trace.t_ns.push_back(t);
    trace.values.push_back(*value);
  }
  return trace;
}

std::optional<nanoseconds> TriggerWatch::look(nanoseconds t, const Instant& instant) {
  if (fired_ || !trigger_.becomes_true) return std::nullopt;
  const bool holds = trigger_.becomes_true->at(instant).holds;
  // True from the first sample on: it has not become so.
  if (holds && !was_true_ && !first_) since_ = t;
  if (!holds) since_.reset();
  was_true_ = holds;
  first_ = false;
  if (!since_ || t - *since_ < trigger_.stays) return std::nullopt;
  fired_ = true;
  return *since_ + trigger_.stays + trigger_.delay;
}

std::optional<nanoseconds> TriggerWatch::note(const EventRecord& event) {
  const bool meant = event.kind == trigger_.event && event.name == trigger_.name;
  if (fired_ || trigger_.event.empty() || !meant) return std::nullopt;
  fired_ = true;
  return event.at + trigger_.delay;
}

}  // namespace takt::scenario
