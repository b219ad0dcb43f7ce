#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/supervisor/instance.hpp>

namespace takt {
namespace {

constexpr std::size_t kNameMax = 32;
constexpr const char* kSocketEnding = ".sock";

bool is_root() { return ::geteuid() == 0; }

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string run_folder() {
  if (is_root()) return "/run/takt";
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
  paths.state_folder = state_folder() + "/" + instance;
  paths.summary = paths.state_folder + "/summary.json";
  paths.log = paths.state_folder + "/log";
  return paths;
}

Result<void> make_folders(const InstancePaths& paths) {
  const mode_t before = ::umask(is_root() ? 022 : 077);
  auto made = make_folder(paths.run_folder);
  if (made) made = make_folder(paths.state_folder);
  ::umask(before);
  return made ? require_own(paths.run_folder) : made;
}

std::vector<std::string> running_instances() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(run_folder(), error)) {
    if (entry.path().extension() != kSocketEnding) continue;
    // A socket that a killed supervisor left behind refuses.
    if (os::connect_to(entry.path().string())) names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace takt
