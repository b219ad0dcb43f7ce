// What is said of a running node in the instance's log: the lines of its ring, and which topics its
// inputs with fallbacks read.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <takt/manifest/node_config.hpp>
#include <takt/status/pages.hpp>

#include "runtime/supervisor/log.hpp"

namespace takt::supervisor {

struct NodeLog {
  // How far its ring has been read.
  std::uint64_t next = 0;
  std::uint64_t missed = 0;
  std::uint64_t suppressed = 0;
  // Which topic an input read at the last look, by its place; the first one unless it stands here.
  std::map<std::size_t, std::uint32_t> sources;

  // Says every new line, and how many could not be kept.
  void drain(const std::string& node, const LogRing& ring, Log& log);
  // Says which input reads another topic than at the last look.
  void say_switches(const NodeConfig& node, const StatusPage& page, Log& log);
};

}  // namespace takt::supervisor
