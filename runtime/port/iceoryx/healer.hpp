// The healer's threads: pre-armed, above every node, asked and read through descriptors.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <thread>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>
#include <takt/port/world.hpp>

#include "runtime/port/iceoryx/broker.hpp"
#include "runtime/port/iceoryx/healing.hpp"

namespace takt::port {

// Two threads, because the second half of a healing takes locks of iceoryx and the first half is
// what frees them: when a second process dies while the first is taken down, `unblock` must go on.
//
//     request -> [unblock: frees, fills up] -> [finish: remove, probe, count] -> report
//
// Thread safety: its public functions by one thread, the world's. Real time: no. Lifetime: not
// beyond the broker's; its end waits for the threads, so nothing may be stuck by then
// (Healing::unblock_all).
class Healer {
 public:
  Healer(Broker& broker, BrokerThreads& threads, Healing& healing,
         iox::mepoo::MemoryManager& memory);
  ~Healer();
  Healer(const Healer&) = delete;
  Healer& operator=(const Healer&) = delete;

  Result<void> arm(const HealerOptions& options);
  int fd() const { return either_.get(); }
  void request(const std::string& participant, pid_t pid);
  std::optional<HealReport> take();

 private:
  struct Request;
  struct Job;
  struct Answer;
  struct Outstanding {
    std::uint64_t id = 0;
    std::string participant;
    pid_t pid = -1;
    std::chrono::nanoseconds since{};
  };
  void run_unblocker();
  void run_finisher();
  Answer finish(const Job& job);
  HealReport give_up(const std::string& why);
  std::chrono::nanoseconds deadline() const;
  void set_timer();

  Broker& broker_;
  BrokerThreads& threads_;
  Healing& healing_;
  iox::mepoo::MemoryManager& memory_;
  std::chrono::nanoseconds limit_{};
  // Pipes: the kernel queues more messages than there can be processes, and no lock of ours can
  // invert priorities.
  struct Pipe {
    os::UniqueFd read{}, write{};
  };
  Pipe requests_, jobs_, answers_;
  os::UniqueFd timer_, either_;
  std::thread unblocker_, finisher_;
  std::deque<Outstanding> outstanding_;  // Oldest first.
  std::chrono::nanoseconds last_answer_{};
  std::uint64_t next_id_ = 1;
  std::string unarmed_ =
      "the healer is not armed";  // Why there is no healing; empty when there is.
};

}  // namespace takt::port
