// The shared-memory world of one instance: the supervisor creates, measures and removes it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <takt/base/result.hpp>
#include <takt/port/port.hpp>

namespace takt::port {

// What one topic needs: the input of the pool computation.
struct TopicDemand {
  std::uint32_t size = 0;  // Of the sample, in bytes.
  std::uint32_t align = 1;
  std::uint32_t chunks = 0;  // That may exist at once.
};

// One size class of shared memory.
struct PoolPlan {
  std::uint32_t payload = 0;  // Bytes of iceoryx payload, headers of takt included.
  std::uint32_t count = 0;
  std::uint32_t spare =
      0;  // Chunks of `count` that no topic needs: killed processes may leak them.
  std::uint64_t bytes() const { return std::uint64_t{payload} * count; }
};

// The size classes for a set of topics, smallest first: at most 31, plus a guard pool of 8-byte
// chunks that no topic uses. Topics of near sizes share a class; each class has room for
// `leaks` chunks more. Errors: a sample or a class over the limits of iceoryx 2.0.3 (4 GiB a pool).
Result<std::vector<PoolPlan>> plan_pools(const std::vector<TopicDemand>& topics,
                                         std::uint32_t leaks);

struct PoolUse {
  std::uint32_t payload = 0;
  std::uint32_t count = 0;
  std::uint32_t used = 0;
  std::uint32_t used_max = 0;  // Since the world was made.
};

// A node that ends with this status found the transport broken (a double free, a torn segment): no
// healing helps, the whole graph must be restarted.
inline constexpr int kTransportFailedStatus = 70;

struct HealerOptions {
  // Above every node: 90 to 99 are not given to nodes. The second thread runs one below.
  int priority = 95;
  bool lock_memory = true;
  // Of one healing; afterwards the answer is that it is not provable.
  std::chrono::milliseconds time_limit{1000};
};

// What became of a dead participant. When it is not `healed`, nothing may be relied on: stop every
// node through the safe state, destroy the world, make a new one.
struct HealReport {
  std::string participant;
  pid_t pid = -1;
  bool healed = false;
  std::string reason;  // Why it is not provable; empty when healed.
  std::uint32_t locks_freed = 0;
  std::uint32_t indices_replaced = 0;  // Of queues that live on.
  // Chunks found lost since the last report. One that living readers still hold is found when they
  // have let it go, by a later report; never above two a kill in sum.
  std::uint32_t chunks_leaked = 0;
  std::uint32_t chunks_leaked_ever = 0;  // In this world, of all size classes.
  std::chrono::nanoseconds unblocked{};  // From the request until nobody waits for the dead.
  std::chrono::nanoseconds duration{};   // From the request to the report.
};

// The embedded RouDi and its segments.
//
// After a death. `kill -9` inside a publish or a take leaves a lock held or a queue index missing,
// and iceoryx 2.0.3 then freezes RouDi or lets a live writer spin for ever. The supervisor heals:
//
//     world->arm_healer({});                        // Once, before the barrier opens.
//     poller.watch(world->heal_fd(), kHealTag);
//     // A pidfd became readable: look with waitid(WNOWAIT), keep the zombie (its pid must not go
//     to
//     // somebody else), then:
//     world->request_heal(participant, pid);        // Never waits.
//     // heal_fd() became readable:
//     while (auto report = world->take_heal_report()) {
//       // Reap the zombie now. report->healed: start the node again, as a participant of another
//       // name ("pid.2", one for each incarnation), between hurry(true) and hurry(false).
//       // Otherwise: the whole graph through the safe state, and a new world.
//     }
//
// Every death of a participant is requested, also a clean exit: its ports are there until then. Its
// readers keep their subscriptions and find the new incarnation in the sample header; its writers
// need nothing. Only a participant's main thread may touch ports (thread ids are reused, a zombie's
// pid is not).
//
// Thread safety: one thread. Real time: no. Lifetime: one a process at a time; destroy it after
// every participant's process has ended.
class World {
 public:
  // Errors: another RouDi runs in this mount namespace, no memory. While it
  // lives, standard output is the file `log_fd`: iceoryx prints there, and a command's standard
  // output belongs to its data.
  static Result<std::unique_ptr<World>> create(const std::vector<PoolPlan>& pools, int log_fd);

  // Whether this build knows the iceoryx that it was compiled against well enough to repair it.
  // When not, no report says healed.
  static bool can_heal();

  virtual ~World() = default;
  // Readers that are connected to the topic's writer; 0 when there is no writer.
  virtual std::uint32_t readers_of(const TopicKey& topic) const = 0;
  virtual std::vector<PoolUse> measure() const = 0;
  // Removes what a dead participant left: its ports and its registration, without healing: it
  // waits for ever when the dead process held a lock.
  virtual void remove(const std::string& participant) = 0;

  // Starts the healer's two threads, of real-time class, on locked memory. An error names what the
  // system refused; the healer is armed all the same, and may be starved by nodes of that class.
  virtual Result<void> arm_healer(const HealerOptions& options) = 0;
  // Readable while `take_heal_report` has an answer, time-outs included. Belongs to the world.
  virtual int heal_fd() const = 0;
  // `pid` has ended and nobody has reaped it. Never waits. Requests are answered in their order.
  virtual void request_heal(const std::string& participant, pid_t pid) = 0;
  // The next answer, if there is one. Never waits.
  virtual std::optional<HealReport> take_heal_report() = 0;
  // Requests and waits for that answer (no other request may be under way).
  HealReport heal(const std::string& participant, pid_t pid);

  // Whether RouDi answers and a sample goes through new ports, within `limit`; every healing ends
  // with it. Errors say what does not work.
  virtual Result<void> probe(std::chrono::milliseconds limit) = 0;
  // RouDi's threads run below the nodes; while somebody joins a running graph they must not be
  // starved. True: above the nodes; false: below again. Calls nest. Without the right to a
  // real-time class it does nothing.
  virtual void hurry(bool on) = 0;
  // Before this process executes another program and the world is left as it is.
  virtual void give_back_stdout() = 0;
};

}  // namespace takt::port
