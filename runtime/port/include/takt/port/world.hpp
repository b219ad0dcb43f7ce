// The shared-memory world of one instance: the supervisor creates, measures and removes it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/port/port.hpp>

namespace takt::port {

// What one topic needs: the input of the pool computation.
struct TopicDemand {
  std::uint32_t size = 0;    // Of the sample, in bytes.
  std::uint32_t align = 1;
  std::uint32_t chunks = 0;  // That may exist at once.
};

// One size class of shared memory.
struct PoolPlan {
  std::uint32_t payload = 0;  // Bytes of iceoryx payload, headers of takt included.
  std::uint32_t count = 0;
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

// The embedded RouDi and its segments.
//
// Thread safety: one thread. Real time: no. Lifetime: one a process; destroy it after every
// participant's process has ended.
class World {
 public:
  // Errors: another RouDi runs in this mount namespace, no memory. While it
  // lives, standard output is the file `log_fd`: iceoryx prints there, and a command's standard
  // output belongs to its data.
  static Result<std::unique_ptr<World>> create(const std::vector<PoolPlan>& pools, int log_fd);

  virtual ~World() = default;
  // Readers that are connected to the topic's writer; 0 when there is no writer.
  virtual std::uint32_t readers_of(const TopicKey& topic) const = 0;
  virtual std::vector<PoolUse> measure() const = 0;
  // Removes what a dead participant left: its ports and its registration.
  virtual void remove(const std::string& participant) = 0;
};

}  // namespace takt::port
