// Groups and users of this machine by name, from wherever it keeps them (files, LDAP).
//
// Thread safety: any thread. Real time: no: a look-up reads files and may ask the network.
// Lifetime: nothing is held.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace takt::os {

// Nothing when this machine knows no such group.
std::optional<gid_t> find_group(const std::string& name);

// "games"; the number as text when nobody has given it a name.
std::string group_name(gid_t group);
std::string user_name(uid_t user);

}  // namespace takt::os
