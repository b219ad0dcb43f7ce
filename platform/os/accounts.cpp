#include <cerrno>
#include <vector>

#include <grp.h>
#include <pwd.h>

#include <takt/base/text.hpp>
#include <takt/os/accounts.hpp>

namespace takt::os {
namespace {

// Calls one of the getXXX_r functions with as much room as the entry wants.
template <typename Entry, typename Function, typename Key>
bool look_up(Function function, Key key, Entry& entry, std::vector<char>& room) {
  constexpr std::size_t kRoomMax = std::size_t{16} << 20;  // A group of a million members.
  for (room.resize(4096); room.size() <= kRoomMax; room.resize(4 * room.size())) {
    Entry* found = nullptr;
    const int problem = function(key, &entry, room.data(), room.size(), &found);
    if (problem != ERANGE) return problem == 0 && found != nullptr;
  }
  return false;
}

}  // namespace

std::optional<gid_t> find_group(const std::string& name) {
  group entry{};
  std::vector<char> room;
  if (!look_up(::getgrnam_r, name.c_str(), entry, room)) return std::nullopt;
  return entry.gr_gid;
}

std::string group_name(gid_t group_id) {
  group entry{};
  std::vector<char> room;
  return look_up(::getgrgid_r, group_id, entry, room) ? entry.gr_name : format("{}", group_id);
}

std::string user_name(uid_t user) {
  passwd entry{};
  std::vector<char> room;
  return look_up(::getpwuid_r, user, entry, room) ? entry.pw_name : format("{}", user);
}

}  // namespace takt::os
