// What a process of the graph reports to its supervisor: one JSON object a message.
#pragma once

#include <takt/base/json.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/os/local_socket.hpp>

namespace takt::loop {

// A report that cannot be sent is dropped: the supervisor is gone then, and the guard knows.
inline void report(const Json& message) {
  static_cast<void>(os::send_with_fd(kWireFd, json_line(message), -1));
}
inline void report_failure(const Error& error) {
  report({{"report", "failed"}, {"message", error.message}, {"fix", error.fix}});
}

}  // namespace takt::loop
