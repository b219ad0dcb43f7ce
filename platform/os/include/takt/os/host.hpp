// What this machine and this program are.
//
// Thread safety: any thread. Real time: no. Lifetime: plain values.
#pragma once

#include <string>

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

}  // namespace takt::os
