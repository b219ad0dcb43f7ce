// The transport inside one process: unit tests, and nodes fused into one process.
#pragma once

#include <memory>

#include <takt/port/port.hpp>

namespace takt::port {

// The topics of one process; every participant of one hub sees the same ones.
//
// Thread safety: participants and ports are made by one thread at a time; afterwards each port by
// one thread of its own. Real time: no; its ports are. Lifetime: outlives its participants.
class LocalHub {
 public:
  LocalHub();
  ~LocalHub();
  std::unique_ptr<Participant> join();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace takt::port
