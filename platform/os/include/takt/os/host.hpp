// What this machine and this program are.
//
// Thread safety: any thread. Real time: no. Lifetime: plain values.
#pragma once

#include <string>
#include <vector>

#include <takt/base/result.hpp>

namespace takt::os {

struct Host {
  std::string kernel{};    // "6.1.0-18-arm64"
  std::string arch{};      // "aarch64", "x86_64"
  std::string hostname{};  // Without the domain, as the machine has it.
};
Host this_host();

// The file of the running program; empty when /proc is not there. A file that was replaced or
// removed meanwhile ends in " (deleted)".
std::string self_executable();

// Executes the running program anew in this process, with the arguments that it was started with
// and `environment` ("NAME=value") over what it has. Descriptors above 2 are closed, other threads
// end. Returns only an error.
Result<void> execute_again(const std::vector<std::string>& environment);

}  // namespace takt::os
