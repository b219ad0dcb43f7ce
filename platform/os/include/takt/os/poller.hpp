// Waiting for many descriptors at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <poll.h>

namespace takt::os {

// Says which of the watched descriptors can be read or hung up.
//
// Thread safety: one thread. Real time: no, it allocates.
// Lifetime: does not own what it watches; forget a descriptor before it is closed, or its number
// may mean another one.
class Poller {
 public:
  // More descriptors than a supervisor of the largest graph has. More is a bug: whoever accepts
  // connections limits them.
  static constexpr std::size_t kWatchesMax = 1024;

  // Reports `tag` when `fd` is readable. Watching a descriptor again changes its tag.
  void watch(int fd, std::uint64_t tag);

  // Nothing happens when it was not watched.
  void forget(int fd);

  // The tags that are readable or hung up, in the order in which they were watched, each once;
  // waits for the first until `deadline` (CLOCK_MONOTONIC; without one, for ever). Empty: the
  // deadline passed. A deadline that has passed looks once, without waiting. Signals do not end the
  // wait.
  std::vector<std::uint64_t> wait(std::optional<std::chrono::nanoseconds> deadline);

 private:
  std::vector<pollfd> watched_;
  std::vector<std::uint64_t> tags_;  // tags_[i] belongs to watched_[i].
};

}  // namespace takt::os
