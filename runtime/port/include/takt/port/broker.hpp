// The iceoryx of this machine: its version, its fixed cost, and whether a broker holds its names.
//
// Thread safety: any thread. Real time: no. Lifetime: plain values.
#pragma once

#include <cstdint>
#include <string>

namespace takt::port {

// Of the library that is loaded, as "2.0.3".
std::string transport_version();

// What every world has beside the graph's pools: iceoryx's management segment, measured as 65.7 to
// 66.0 MB for every graph.
inline constexpr std::uint64_t kManagementBytes = 66'000'000;

enum class FoundBroker {
  none,
  running,     // A RouDi holds its lock: another program's, or that of a default instance.
  unreadable,  // Another user's lock file: whether it is held cannot be told.
};

// Looks at RouDi's lock below `root`, empty for the machine's own. Changes nothing.
FoundBroker find_broker(const std::string& root = {});

}  // namespace takt::port
