// RouDi as takt runs it: embedded, with doors for removing and probing, and threads that can be
// raised above the nodes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include <pthread.h>
#include <sys/types.h>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

#include "iceoryx_posh/internal/roudi/roudi.hpp"

namespace takt::port {

// RouDi with the doors that takt needs.
//
// Thread safety: `remove`, `answers` and `exchange` by one thread at a time, beside RouDi's own.
// Real time: no. Lifetime: as iox::roudi::RouDi.
class Broker final : public iox::roudi::RouDi {
 public:
  Broker(iox::roudi::RouDiMemoryInterface& memory, iox::roudi::PortManager& ports,
         RoudiStartupParameters parameters);
  ~Broker() override { shutdown(); }

  // Takes a participant's ports and registration away, and its files in /tmp. Waits for locks.
  void remove(const iox::RuntimeName_t& name);

  // Whether the thread that serves participants has dealt with everything that was sent to it so
  // far, before `deadline`: a dead process's last requests lie in its socket.
  bool answers(std::chrono::nanoseconds deadline);

  // Sends a sample from a new writing port to a new reading port through the smallest chunks of
  // `memory`. Null when it arrived, otherwise what went wrong.
  const char* exchange(iox::mepoo::MemoryManager& memory);

 private:
  void processMessage(const iox::runtime::IpcMessage& message,
                      const iox::runtime::IpcMessageType& command,
                      const iox::RuntimeName_t& name) noexcept override;
  os::UniqueFd echo_;  // An eventfd that the serving thread signals.
  std::uint64_t question_ = 0;
  std::atomic<std::uint64_t> answered_{0};
};

// The class of RouDi's threads: that of their process, or above every node.
//
// Thread safety: any thread; its lock hands priority on, since the healer must not wait for the
// supervisor to be scheduled. Real time: no. Lifetime: not beyond the threads.
class BrokerThreads {
 public:
  explicit BrokerThreads(std::vector<pid_t> threads);
  ~BrokerThreads();
  BrokerThreads(const BrokerThreads&) = delete;
  BrokerThreads& operator=(const BrokerThreads&) = delete;
  void hurry(bool on);

 private:
  std::vector<pid_t> threads_;
  pthread_mutex_t mutex_;
  int wishes_ = 0;
};

}  // namespace takt::port
