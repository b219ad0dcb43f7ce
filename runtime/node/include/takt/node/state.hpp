// What a node must remember to go on where its predecessor died.
#pragma once

#include <takt/base/rt.hpp>
#include <takt/sample/sample.hpp>

namespace takt {

class Node;

// What every state has. A node has at most one.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
class StateBase {
 public:
  StateBase(Node& node, const Layout& (*layout)(), void* data);
  StateBase(const StateBase&) = delete;
  StateBase& operator=(const StateBase&) = delete;

 private:
  friend struct PortAccess;
  const Layout& (*layout_)();
  void* data_;
};

// The node's state, of a sample type: plain data with named fields. The loop copies it away after
// every step whose outputs were sent; a node that is started again finds the newest copy in it when
// `Node::restored` is called, and goes on without a bump. A state with a NaN is not given again.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
template <Sample T>
class State final : public StateBase {
 public:
  explicit State(Node& node) : StateBase(node, &layout_of<T>, &value_) {}
  T& operator*() noexcept TAKT_RT { return value_; }
  T* operator->() noexcept TAKT_RT { return &value_; }

 private:
  T value_{};
};

}  // namespace takt
