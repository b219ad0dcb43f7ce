// Small nodes that the tests of the loop run, and what they can be told to do.
#pragma once

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include <takt/test/node_harness.hpp>

namespace takt::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// loop/relay: `in` and an optional `extra` to `out`; `out` inherits its origin.
class Relay : public Node {
 public:
  Input<Scalar> in{*this, "in"};
  Input<Scalar> extra{*this, "extra", {.optional = true}};
  Output<Scalar> out{*this, "out"};
  StepResult step(const Cycle& cycle) noexcept TAKT_RT override;
  void stale(const Cycle& cycle) noexcept TAKT_RT override;
  void reset() noexcept TAKT_RT override { ++resets; }

  std::vector<double> seen;         // Reserved in the constructor: a step allocates nothing.
  Cycle last{};
  StepResult answer = StepResult::ok;
  std::uint64_t steps = 0;
  std::uint64_t stale_calls = 0;
  std::uint64_t resets = 0;
  bool was_stale = false;
  bool was_new = false;
  double stale_value = 0.0;         // Published by `stale` when `publishes_when_stale`.
  bool publishes_when_stale = false;
  Relay() { seen.reserve(1024); }
};

// loop/drive: as Relay, but an actuator: `in` is a command, `out` has a safe value.
class Drive : public Node {
 public:
  Input<Scalar> in{*this, "in", {.command = true}};
  Output<Scalar> out{*this, "out", {.safe = true}};
  StepResult step(const Cycle& cycle) noexcept TAKT_RT override;
  void stale(const Cycle& cycle) noexcept TAKT_RT override;
  void reset() noexcept TAKT_RT override { ++resets; }

  std::uint64_t steps = 0;
  std::uint64_t resets = 0;
  double offset = 0.0;              // Added to the command: NaN makes the output non-finite.
  bool publishes_when_stale = false;
  double stale_value = 0.0;
};

// loop/origins: one output of each rule, a measurement and a second input.
class Origins : public Node {
 public:
  Input<Scalar> other{*this, "other", {.optional = true}};
  Input<Scalar> measured{*this, "measured", {.measurement = true}};
  Output<Scalar> now{*this, "now", {.origin = Origin::now}};
  Output<Scalar> inherit{*this, "inherit"};
  Output<Scalar> none{*this, "none", {.origin = Origin::none}};
  StepResult step(const Cycle& cycle) noexcept TAKT_RT override;
};

template <typename T>
T& node_of(NodeHarness& harness) {
  return static_cast<T&>(harness.node());
}

// The configuration of one input, for HarnessOptions::adjust.
inline InputConfig& input_of(NodeConfig& config, const std::string& name) {
  for (InputConfig& input : config.inputs) {
    if (input.name == name) return input;
  }
  return config.inputs.at(config.inputs.size());
}

inline std::vector<std::byte> bytes_of(const Scalar& sample) {
  const auto bytes = std::as_bytes(std::span(&sample, 1));
  return {bytes.begin(), bytes.end()};
}

}  // namespace takt::test
