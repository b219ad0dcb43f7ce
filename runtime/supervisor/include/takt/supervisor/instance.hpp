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
  std::string socket;        // run_folder/NAME.sock: for the owner, root and operators.
  std::string looking;       // run_folder/NAME.observe.sock: for observers.
  std::string state_folder;  // /var/lib/takt/NAME or $XDG_STATE_HOME/takt/NAME
  std::string summary;       // state_folder/summary.json
  std::string log;           // state_folder/log
};
InstancePaths paths_of(const std::string& instance);

// Makes both folders, 0700 for an ordinary user and 0755 for root. With `for_groups` the folder of
// the sockets is 0755 in any case: who may connect is the sockets' own matter. Errors: permissions,
// a full disk.
Result<void> make_folders(const InstancePaths& paths, bool for_groups);

// Whether tools of other users look into the folder of these sockets: root's, and those of services
// (/run/takt-NAME, see takt@.service).
bool others_look_there(const InstancePaths& paths, const std::string& instance);

// The instances whose supervisor runs, by name: the user's own, root's, and those of services.
struct RunningInstances {
  std::vector<std::string> reachable;
  std::vector<std::string> closed;  // To this user.
};
RunningInstances running_instances();

// The socket through which the calling user reaches the instance. Errors: none of that name runs;
// its graph does not let this user in, and which group it does.
Result<std::string> socket_to(const std::string& instance);

// "only members of the group 'robot' may ...", and how to become one. No group: the owner alone.
Error access_refused(const std::string& what, const std::vector<std::string>& groups,
                     const std::string& owner);

}  // namespace takt
