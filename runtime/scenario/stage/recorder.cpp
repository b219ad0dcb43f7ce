#include "runtime/scenario/stage/recorder.hpp"

#include <algorithm>
#include <cstring>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

template <typename T>
double read_as(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

double number_at(FieldKind kind, const std::byte* at) {
  switch (kind) {
    case FieldKind::f64:
      return read_as<double>(at);
    case FieldKind::f32:
      return read_as<float>(at);
    case FieldKind::i64:
      return read_as<std::int64_t>(at);
    case FieldKind::i32:
      return read_as<std::int32_t>(at);
    case FieldKind::i16:
      return read_as<std::int16_t>(at);
    case FieldKind::i8:
      return read_as<std::int8_t>(at);
    case FieldKind::u64:
      return read_as<std::uint64_t>(at);
    case FieldKind::u32:
      return read_as<std::uint32_t>(at);
    case FieldKind::u16:
      return read_as<std::uint16_t>(at);
    case FieldKind::u8:
    case FieldKind::boolean:
    case FieldKind::text:
      break;
  }
  return read_as<std::uint8_t>(at);
}

}  // namespace

std::vector<std::string> topics_of(const ScenarioSpec& spec) {
  std::vector<std::string> topics;
  for (const SignalSpec& signal : spec.signals) {
    if (signal.source != SignalSource::sample) continue;
    const std::string topic = signal.topic();
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
  }
  return topics;
}

Recorder::Recorder(const ScenarioSpec& spec)
    : spec_(spec),
      firsts_(spec.signals.size()),
      values_(spec.signals.size()),
      deltas_(spec.signals.size()) {
  trace_.signals.resize(spec.signals.size());
  for (std::size_t i = 0; i < spec.signals.size(); ++i) {
    if (spec.signals[i].source != SignalSource::sample) continue;
    trace_.signals[i].period_ns = spec.signals[i].period.count();
  }
}

Result<void> Recorder::attach(const std::vector<tap::StreamTopic>& topics) {
  places_.assign(topics.size(), {});
  for (std::size_t topic = 0; topic < topics.size(); ++topic) {
    const std::vector<Column> columns = columns_of(topics[topic].layout);
    for (std::size_t i = 0; i < spec_.signals.size(); ++i) {
      const SignalSpec& signal = spec_.signals[i];
      if (signal.source != SignalSource::sample || signal.topic() != topics[topic].name) continue;
      const auto column = std::find_if(columns.begin(), columns.end(),
                                       [&](const Column& c) { return c.name == signal.field; });
      if (column == columns.end()) {
        return fail(format("'{}' has no field '{}'", signal.topic(), signal.field));
      }
      places_[topic].push_back({i, column->offset(), column->field->kind});
    }
  }
  return {};
}

void Recorder::add(const tap::Frame& frame) {
  lost_ += frame.header.lost;
  for (const Place& place : places_[frame.header.topic]) {
    add_value(place.signal, frame.header.since_barrier_ns,
              number_at(place.kind, frame.sample.data() + place.offset));
  }
}

void Recorder::set_state(nanoseconds at, double state) {
  for (std::size_t i = 0; i < spec_.signals.size(); ++i) {
    if (spec_.signals[i].source == SignalSource::state) add_value(i, at.count(), state);
  }
}

void Recorder::end(nanoseconds at) {
  trace_.end_ns = at.count();
  for (std::size_t i = 0; i < spec_.signals.size(); ++i) {
    if (spec_.signals[i].source != SignalSource::sample) continue;
    if (firsts_[i].t_ns == at.count()) trace_.signals[i].values.back() = firsts_[i].value;
  }
}

void Recorder::add_value(std::size_t signal, std::int64_t t, double value) {
  SignalTrace& trace = trace_.signals[signal];
  deltas_[signal] = trace.t_ns.empty() ? 0.0 : value - values_[signal];
  values_[signal] = value;
  // Two samples of one instant, as around a restart: the newer one counts.
  if (!trace.t_ns.empty() && trace.t_ns.back() >= t) {
    First& first = firsts_[signal];
    if (first.t_ns != trace.t_ns.back()) first = {trace.t_ns.back(), trace.values.back()};
    trace.values.back() = value;
    return;
  }
  trace.t_ns.push_back(t);
  trace.values.push_back(value);
}

}  // namespace takt::scenario
