// Turns the frames of the tap into the signals of a scenario.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <takt/tap/stream.hpp>

#include "runtime/scenario/spec.hpp"
#include "runtime/scenario/trace.hpp"

namespace takt::scenario {

// The topics that the signals need, each once.
std::vector<std::string> topics_of(const ScenarioSpec& spec);

// Thread safety: one thread. Real time: no. Lifetime: not beyond its scenario.
class Recorder {
 public:
  explicit Recorder(const ScenarioSpec& spec);

  // Errors: a topic has no such field any more.
  Result<void> attach(const std::vector<tap::StreamTopic>& topics);
  void add(const tap::Frame& frame);
  // The graph's state from an instant on.
  void set_state(nanoseconds at, double state);

  // The newest values; those of driven inputs are the caller's.
  std::vector<double>& values() { return values_; }
  std::vector<double>& deltas() { return deltas_; }
  bool is_defined(std::size_t signal) const { return !trace_.signals[signal].t_ns.empty(); }
  std::uint64_t lost() const { return lost_; }

  // The run was over at this instant. What an actuator sends at it because the graph stops, its
  // safe value, is no part of the run.
  void end(nanoseconds at);

  Trace take() { return std::move(trace_); }
  Trace& trace() { return trace_; }

 private:
  void add_value(std::size_t signal, std::int64_t t, double value);

  struct Place {
    std::size_t signal;
    std::uint32_t offset;
    FieldKind kind;
  };
  // The first sample of an instant, where another one came at it.
  struct First {
    std::int64_t t_ns = -1;
    double value = 0.0;
  };
  const ScenarioSpec& spec_;
  std::vector<First> firsts_;               // By the signal's number.
  std::vector<std::vector<Place>> places_;  // By the topic's number in the stream.
  std::vector<double> values_;
  std::vector<double> deltas_;
  Trace trace_;
  std::uint64_t lost_ = 0;
};

}  // namespace takt::scenario
