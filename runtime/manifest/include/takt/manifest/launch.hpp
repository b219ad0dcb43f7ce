// How the supervisor starts a process of the graph: inherited descriptors and the launch message.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/manifest/node_config.hpp>

namespace takt {

// Descriptor numbers in a started process.
inline constexpr int kWireFd = 3;     // SEQPACKET socket to the supervisor; its end is death.
inline constexpr int kLaunchFd = 4;   // Memory file with the launch message (JSON).
inline constexpr int kControlFd = 5;  // Control page, read-only.
inline constexpr int kBellsFd = 6;    // Bell page.
inline constexpr int kStatusFd = 7;   // The node's own status page.
inline constexpr int kStateFd = 8;    // Its snapshot page, when its declaration has a state.
inline constexpr int kTurnsFd = 9;    // The turn page, in lockstep.
inline constexpr int kInjectionsFd = 10;  // The injection page, read-only.

inline constexpr int kLaunchVersion = 5;

struct NodeLaunch {
  NodeConfig node;
  std::string participant;                            // Its name in the transport.
  std::uint32_t index = 0;                            // Its place in the control and bell pages.
  std::uint64_t incarnation = 1;                      // Which start of this node it is.
  bool restore = false;                               // Take the state from the snapshot page.
  bool lockstep = false;                              // Time is what the turn page says.
  bool scenario = false;                              // Inputs reserve room for its injections.
  std::map<std::string, std::uint32_t> node_indices;  // Bells of the neighbours.
  std::map<std::string, std::vector<std::string>> node_inputs;  // Input names of the neighbours,
                                                                // in the order of their credits.
};

Json to_json(const NodeLaunch& launch);
Result<NodeLaunch> node_launch_from_json(const Json& json);

// A setting that the system did not grant.
struct Refusal {
  std::string setting;
  std::string wanted;
  std::string got;
  int errno_value = 0;
  std::string fix;
};

// What the loop thread runs with, read back from the system.
struct Applied {
  std::string policy;
  int priority = 0;
  std::vector<int> cpus;
  bool memory_locked = false;
  std::vector<Refusal> refused;
};

Json to_json(const Applied& applied);
Result<Applied> applied_from_json(const Json& json);

}  // namespace takt
