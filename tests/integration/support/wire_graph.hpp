// The graph of the tests that listen at the far end of a wire.
//
//   set_point (5, every 5 ms) --> valve (actuator/udp, safe value -1) ~~UDP~~> observer
#pragma once

#include <string>

#include <takt/base/text.hpp>

#include "tests/integration/support/observer.hpp"

namespace takt::test {

inline constexpr double kCommand = 5.0;
inline constexpr double kSafe = -1.0;

// `more`: keys of the graph, each on a line of its own. `safe`: the valve's safe output.
inline std::string wire_graph(const observer::Port& device, const std::string& more,
                              const std::string& safe = "-1") {
  return format(R"(takt: 1
graph: wire
{}real_time: best_effort
libraries: [takt_nodes]
nodes:
  set_point:
    type: source/profile
    period: 5ms
    params: {{shape: step, at: 0s, from: 5, to: 5}}
  valve:
    type: actuator/udp
    on: command
    safe: {{applied: {}}}
    on_silence: holds_last
    inputs: {{command: {{from: set_point.value, max_age: 300ms, on_stale: safe}}}}
    params: {{port: {}}}
)",
                more, safe, device.number());
}

}  // namespace takt::test
