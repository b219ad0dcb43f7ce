// One running graph on this machine: its name, its control socket, its folder of last results.
#pragma once

#include <string>
#include <vector>

#include <takt/base/result.hpp>

namespace takt {

// `name` is [a-z0-9_-]{1,32}.
bool is_instance_name(const std::string& name);

// Where the parts of an instance lie, for the calling user.
//
// Thread safety: a plain value. Real time: no. Lifetime: independent.
struct InstancePaths {
  std::string run_folder;    // /run/takt, $XDG_RUNTIME_DIR/takt or a private folder of the user.
  std::string socket;        // run_folder/NAME.sock
  std::string state_folder;  // /var/lib/takt/NAME or $XDG_STATE_HOME/takt/NAME
  std::string summary;       // state_folder/summary.json
  std::string log;           // state_folder/log
};
InstancePaths paths_of(const std::string& instance);

// Makes both folders, 0700 for an ordinary user and 0755 for root. Errors: permissions, a full
// disk.
Result<void> make_folders(const InstancePaths& paths);

// The instances whose supervisor answers, by name.
std::vector<std::string> running_instances();

}  // namespace takt
