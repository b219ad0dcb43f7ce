// What nodes write into their log rings, on its way to the instance's log.
#pragma once

#include <cstdint>
#include <string>

#include <takt/status/log_ring.hpp>

#include "runtime/supervisor/log.hpp"

namespace takt::supervisor {

// How far one node's ring has been read.
struct NodeLog {
  std::uint64_t next = 0;
  std::uint64_t missed = 0;
  std::uint64_t suppressed = 0;

  // Says every new line, and how many could not be kept.
  void drain(const std::string& node, const LogRing& ring, Log& log);
};

}  // namespace takt::supervisor
