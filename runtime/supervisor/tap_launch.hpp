// The tap's launch message: every topic that it may attach to.
#pragma once

#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/graph/graph_spec.hpp>

namespace takt::supervisor {

// No node has this name.
inline constexpr const char* kTapParticipant = "-tap";

// {"takt_launch", "participant", "sockets", "topics": [{"node", "output", "unit", "depth",
// "layout"}]} `sockets`: paths that the tap removes when the supervisor has died and cannot.
Json tap_launch(const GraphSpec& graph, const std::string& participant,
                const std::vector<std::string>& sockets);

// How many samples of a topic the tap's queue holds.
std::uint32_t tap_depth(const Layout& layout);

}  // namespace takt::supervisor
