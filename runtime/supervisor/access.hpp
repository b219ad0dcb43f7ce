// Who may use a running graph: judged by what the kernel says of a peer, never by what it says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <takt/graph/graph_spec.hpp>
#include <takt/os/local_socket.hpp>

namespace takt::supervisor {

// What a user may do with an instance; each includes those before it.
enum class May { nothing, look, command };

// A group that was found on this machine.
struct AccessGroup {
  std::string name;
  gid_t id = 0;
};

struct AccessRules {
  uid_t owner = 0;
  std::optional<AccessGroup> operators;
  std::optional<AccessGroup> observers;
  // The supervisor stands in a user namespace, which shows it the ids of others as 65534. Then the
  // modes of the two sockets judge alone: the kernel lets nobody else connect.
  bool ids_are_hidden = false;
};

// Errors: this machine has no such group.
Result<AccessRules> access_rules(const AccessConfig& access);

// What a peer with these ids may do, when it came through a socket that is meant for `door`.
May judge(const AccessRules& rules, May door, const os::Peer& peer,
          const std::vector<gid_t>& groups);

// What a request of a tool takes. Whatever is not known to be harmless takes `command`.
May needed_for(const std::string& verb);

// Why `verb` is refused, and which group to join.
Error refusal_of(const AccessRules& rules, const std::string& verb);

}  // namespace takt::supervisor
