#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/accounts.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/supervisor/instance.hpp>

namespace takt {
namespace {

constexpr std::size_t kNameMax = 32;
constexpr const char* kSocketEnding = ".sock";
constexpr const char* kLookingEnding = ".observe.sock";
constexpr const char* kRootFolder = "/run/takt";

bool is_root() { return ::geteuid() == 0; }

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string run_folder() {
  if (is_root()) return kRootFolder;
  if (const std::string given = variable("XDG_RUNTIME_DIR"); !given.empty()) return given + "/takt";
  return format("/tmp/takt-{}", ::geteuid());
}

std::string state_folder() {
  if (is_root()) return "/var/lib/takt";
  if (const std::string given = variable("XDG_STATE_HOME"); !given.empty()) return given + "/takt";
  if (const std::string home = variable("HOME"); !home.empty()) return home + "/.local/state/takt";
  return run_folder() + "/state";
}

// The folder must be ours alone to write: in /tmp somebody else may have made it first.
Result<void> require_own(const std::string& folder) {
  struct stat facts {};
  if (::lstat(folder.c_str(), &facts) != 0) {
    return system_error(format("look at '{}'", folder), errno, "", "");
  }
  if (!S_ISDIR(facts.st_mode) || facts.st_uid != ::geteuid() || (facts.st_mode & 022) != 0) {
    return fail(format("'{}' is not a folder that only this user can write to", folder),
                "remove it, or set XDG_RUNTIME_DIR to a folder of your own");
  }
  return {};
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return system_error(format("make the folder '{}'", folder), error.value(),
                        "a graph needs it for its control socket and its last results",
                        "check its permissions and that the disk is not full");
  }
  return {};
}

// systemd makes it for the unit takt@NAME, and it belongs to the unit's user.
std::string service_folder(const std::string& instance) {
  return format("/run/takt-{}/takt", instance);
}

// The folders where the sockets of an instance may lie, the user's own first.
std::vector<std::string> folders_of(const std::string& instance) {
  std::vector<std::string> folders{run_folder()};
  if (folders.front() != kRootFolder) folders.emplace_back(kRootFolder);
  if (folders.front() != service_folder(instance)) folders.push_back(service_folder(instance));
  return folders;
}

// One end of an instance's sockets as this user finds it: 0, or why there is no connection.
int probe(const std::string& path) {
  const auto connected = os::connect_to(path);
  return connected ? 0 : connected.error().errno_value;
}

// The socket in `folder` that lets this user in. An error with errno 0: it runs, and is closed.
Result<std::string> socket_in(const std::string& folder, const std::string& instance) {
  const std::string commanding = format("{}/{}{}", folder, instance, kSocketEnding);
  const std::string looking = format("{}/{}{}", folder, instance, kLookingEnding);
  const int refused = probe(commanding);
  if (refused == 0) return commanding;
  if (refused != EACCES) return system_error("connect", refused, "", "");
  if (probe(looking) == 0) return looking;
  std::vector<std::string> groups;
  struct stat facts {};
  for (const std::string& path : {looking, commanding}) {
    if (::stat(path.c_str(), &facts) != 0 || (facts.st_mode & S_IWGRP) == 0) continue;
    groups.push_back(os::group_name(facts.st_gid));
  }
  const bool known = ::stat(commanding.c_str(), &facts) == 0;
  return access_refused(format("use the instance '{}'", instance), groups,
                        known ? os::user_name(facts.st_uid) : "?");
}

// The names of the instances whose sockets lie in `folder`.
void add_names(const std::string& folder, std::set<std::string>& names) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == kSocketEnding && is_instance_name(name)) names.insert(name);
  }
}

}  // namespace

bool is_instance_name(const std::string& name) {
  return !name.empty() && name.size() <= kNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

InstancePaths paths_of(const std::string& instance) {
  InstancePaths paths;
  paths.run_folder = run_folder();
  paths.socket = paths.run_folder + "/" + instance + kSocketEnding;
  paths.looking = paths.run_folder + "/" + instance + kLookingEnding;
  paths.state_folder = state_folder() + "/" + instance;
  paths.summary = paths.state_folder + "/summary.json";
  paths.log = paths.state_folder + "/log";
  return paths;
}

Result<void> make_folders(const InstancePaths& paths, bool for_groups) {
  const mode_t before = ::umask(is_root() ? 022 : 077);
  auto made = make_folder(paths.run_folder);
  if (made) made = make_folder(paths.state_folder);
  ::umask(before);
  if (made) made = require_own(paths.run_folder);
  if (made && for_groups && ::chmod(paths.run_folder.c_str(), 0755) != 0) {
    return system_error(format("let other users into '{}'", paths.run_folder), errno, "", "");
  }
  return made;
}

bool others_look_there(const InstancePaths& paths, const std::string& instance) {
  return paths.run_folder == kRootFolder || paths.run_folder == service_folder(instance);
}

RunningInstances running_instances() {
  std::set<std::string> names;
  add_names(run_folder(), names);
  add_names(kRootFolder, names);
  std::error_code error;
  const std::string start = std::filesystem::path(service_folder("")).parent_path().filename();
  for (const auto& entry : std::filesystem::directory_iterator("/run", error)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(start, 0) == 0) add_names(entry.path() / "takt", names);
  }
  RunningInstances running;
  for (const std::string& name : names) {
    if (const auto socket = socket_to(name)) {
      running.reachable.push_back(name);
    } else if (socket.error().errno_value == 0) {
      running.closed.push_back(name);
    }
  }
  return running;
}

Result<std::string> socket_to(const std::string& instance) {
  // A socket that a killed supervisor left behind refuses, as one that is not there.
  Error none = system_error(format("reach the instance '{}'", instance), ENOENT, "it does not run",
                            "start it: takt run GRAPH --instance " + instance);
  for (const std::string& folder : folders_of(instance)) {
    auto socket = socket_in(folder, instance);
    if (socket) return socket;
    if (socket.error().errno_value == 0 && none.errno_value != 0) none = socket.error();
  }
  return none;
}

Error access_refused(const std::string& what, const std::vector<std::string>& groups,
                     const std::string& owner) {
  if (groups.empty()) {
    return fail(
        format("you may not {}: it belongs to the user '{}', and its graph lets no group in", what,
               owner),
        "give the graph the key 'access: {operators: GROUP, observers: GROUP}', or ask as "
        "that user");
  }
  return fail(format("you may not {}: only members of the group '{}' may", what,
                     fmt::join(groups, "' or '")),
              format("sudo usermod -aG {} \"$USER\", then log in again", groups.front()));
}

}  // namespace takt
