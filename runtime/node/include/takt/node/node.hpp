// Node: what a user derives from. The one header that a node's source includes; the owner of a
// device includes node/device.hpp instead.
//
//   class Gain final : public takt::Node {
//     takt::Input<takt::Scalar> in{*this, "in"};
//     takt::Output<takt::Scalar> out{*this, "out"};
//     takt::Param<double> factor{*this, "factor", {.fallback = 1.0}};
//     takt::StepResult step(const takt::Cycle&) noexcept TAKT_RT override {
//       out.publish({.value = factor * in->value});
//       return takt::StepResult::ok;
//     }
//   };
//   TAKT_NODE(Gain, "example/gain", "Multiplies by a constant.");
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>
#include <takt/node/cycle.hpp>
#include <takt/node/logger.hpp>
#include <takt/node/ports.hpp>
#include <takt/node/registry.hpp>
#include <takt/node/state.hpp>
#include <takt/sample/sample.hpp>

namespace takt {

// What a node may ask while it is configured.
struct NodeContext {
  std::string name;                    // In the graph.
  std::chrono::nanoseconds period{0};  // As in every Cycle; 0: none.
  std::string base_folder;             // The graph file's folder.
  Logger* logger = nullptr;

  // Where the node says things in words, now and, kept as a reference, in its steps.
  Logger& log() const { return *logger; }

  // A path from a parameter: relative ones start at the graph file's folder.
  std::string resolve(const std::string& path) const;
};

// One step of control, wrapped for the loop.
//
// A node has two lives: `configure` may allocate, open files and fail with a text; everything that
// is marked TAKT_RT may not allocate, lock, wait or make a system call. Time enters through
// `Cycle`; reading a clock in a node makes its runs impossible to replay.
//
// Thread safety: one thread. Real time: as marked. Lifetime: that of its process.
class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  // Before the start; parameters are set. Errors end the start of the graph with their text.
  virtual Result<void> configure(NodeContext& context);
  // After `configure`, in a node that was started again: its `State` is that of its predecessor's
  // last whole step.
  virtual void restored() noexcept;
  // On scratch state before the barrier, so that code and data are in memory: nothing is sent.
  virtual void warm_up() noexcept;
  // One release, with every required input present and fresh (or stale and on `hold`).
  virtual StepResult step(const Cycle& cycle) noexcept TAKT_RT = 0;
  // Instead of `step` while an input with `on_stale: safe` is stale; in an actuator also while the
  // graph is not armed, see `safe_step`. What is published here on an output with a safe value is
  // sent by `safe_step` alone.
  virtual void stale(const Cycle& cycle) noexcept TAKT_RT;
  // Of an actuator, instead of `step` while it must be safe: a stale input, the emergency stop, a
  // graph that was disarmed. For what no constant makes safe, a landing for example. Outputs that
  // this leaves alone are driven with the safe output of the graph. It is called from the first
  // such release after a step has acted until the next step; before, in the last will, and as the
  // last word of a node that ends, the graph's safe value is what is driven. The default calls
  // `stale`.
  virtual void safe_step(const Cycle& cycle) noexcept TAKT_RT;
  // After a step whose outputs were refused (NaN, infinity): forget the state that made them.
  virtual void reset() noexcept TAKT_RT;

 protected:
  // Called in a constructor: the graph must give this node a period, its own or its trigger's.
  void require_period() { needs_period_ = true; }

 private:
  friend class InputBase;
  friend class OutputBase;
  friend class ParamBase;
  friend class StateBase;
  friend struct PortAccess;
  std::vector<InputBase*> inputs_;
  std::vector<OutputBase*> outputs_;
  std::vector<ParamBase*> params_;
  StateBase* state_ = nullptr;
  bool needs_period_ = false;
  bool owns_device_ = false;
};

}  // namespace takt
