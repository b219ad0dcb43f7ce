#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/private_world.hpp>
#include <takt/os/scheduling.hpp>

namespace takt::os {
namespace {

constexpr const char* kTmp = "/tmp";
constexpr const char* kShm = "/dev/shm";

Result<void> write_proc(const char* path, const std::string& text) {
  const UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (file && ::write(file.get(), text.data(), text.size()) == std::ssize(text)) return {};
  return system_error(format("write {}", path), errno, "the user namespace would have no users",
                      "");
}

// A program that got capabilities from its file belongs to root in /proc, and could not write its
// own maps there. Lifts that for as long as this lives.
class OwnProcFiles {
 public:
  OwnProcFiles() : before_(::prctl(PR_GET_DUMPABLE)) { ::prctl(PR_SET_DUMPABLE, 1); }
  ~OwnProcFiles() { ::prctl(PR_SET_DUMPABLE, before_ == 1 ? 1 : 0); }
  OwnProcFiles(const OwnProcFiles&) = delete;
  OwnProcFiles& operator=(const OwnProcFiles&) = delete;

 private:
  int before_;
};

Result<void> leave_the_common_world(bool use_user_namespace) {
  // Asked before: inside, until the maps are written, everybody is `nobody`.
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWNS | (use_user_namespace ? CLONE_NEWUSER : 0)) != 0) {
    return system_error(
        use_user_namespace ? "make a user and a mount namespace" : "make a mount namespace", errno,
        "the instance would share names with others",
        use_user_namespace
            ? "allow it: `sysctl kernel.unprivileged_userns_clone=1` (Debian), `sysctl "
              "kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu), `sysctl "
              "user.max_user_namespaces=10000`; or start as root"
            : "start as root or `setcap cap_sys_admin+ep` the program, or use a user namespace");
  }
  if (!use_user_namespace) return {};
  const OwnProcFiles writable;
  // The kernel takes the group map of an ordinary user only once setgroups is denied.
  if (Result<void> done = write_proc("/proc/self/setgroups", "deny"); !done) return done;
  if (Result<void> done = write_proc("/proc/self/uid_map", format("{0} {0} 1", user)); !done) {
    return done;
  }
  return write_proc("/proc/self/gid_map", format("{0} {0} 1", group));
}

Result<void> mount_fresh(const char* name, const char* where) {
  if (::mount(name, where, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") == 0) return {};
  return system_error(format("mount a private {}", where), errno,
                      "the instance would share names with others",
                      format("{} must be a folder, and the kernel have tmpfs", where));
}

// Of iceoryx; an instance must not see those of another.
bool hidden(std::string_view name) {
  return name == "." || name == ".." || name.substr(0, 5) == "roudi" || name.substr(0, 4) == "iox-";
}

// Shows one entry of the former /tmp, which `before` holds open, under its name in the new one.
// What is refused is left out.
void keep_entry(int before, const std::string& name) {
  const std::string here = format("{}/{}", kTmp, name);
  struct stat status {};
  if (::fstatat(before, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (S_ISLNK(status.st_mode)) {
    std::array<char, PATH_MAX> target{};  // A mount would follow it; zeroed, hence terminated.
    if (::readlinkat(before, name.c_str(), target.data(), target.size() - 1) > 0) {
      [[maybe_unused]] const int made = ::symlink(target.data(), here.c_str());
    }
    return;
  }
  const bool folder = S_ISDIR(status.st_mode);
  if (folder) {
    if (::mkdir(here.c_str(), 0700) != 0) return;
  } else if (!UniqueFd(::open(here.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600))) {
    return;
  }
  // Through the open folder: by its path the new /tmp covers it. MS_REC: what is mounted below
  // comes along; in a user namespace the kernel refuses to take it apart.
  const std::string there = format("/proc/self/fd/{}/{}", before, name);
  if (::mount(there.c_str(), here.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0) return;
  [[maybe_unused]] const int removed = folder ? ::rmdir(here.c_str()) : ::unlink(here.c_str());
}

Result<void> replace_tmp() {
  DIR* const before = ::opendir(kTmp);
  if (before == nullptr) {
    return system_error("list /tmp", errno, "users' files there would not be seen",
                        "`chmod 1777 /tmp`");
  }
  const auto close = [](DIR* folder) { ::closedir(folder); };
  const std::unique_ptr<DIR, decltype(close)> owner(before, close);
  if (Result<void> done = mount_fresh("takt-tmp", kTmp); !done) return done;
  while (const dirent* const entry = ::readdir(before)) {
    if (!hidden(entry->d_name)) keep_entry(::dirfd(before), entry->d_name);
  }
  return {};
}

// Empty when the directory has gone or cannot be named.
std::string working_directory() {
  std::array<char, PATH_MAX> path;
  return ::getcwd(path.data(), path.size()) != nullptr ? std::string(path.data()) : std::string();
}

}  // namespace

Result<void> enter_private_world(bool use_user_namespace) {
  if (const std::size_t threads = threads_of(::getpid()).size(); threads > 1) {
    return fail(format("cannot enter a private world: the process has {} threads", threads),
                "enter before the first thread is made");
  }
  const std::string directory = working_directory();
  if (Result<void> done = leave_the_common_world(use_user_namespace); !done) return done;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return system_error("make the mounts private", errno,
                        "the mounts of this instance would appear outside", "");
  }
  if (Result<void> done = mount_fresh("takt-shm", kShm); !done) return done;
  if (Result<void> done = replace_tmp(); !done) return done;
  // Still in the covered folder: from /tmp itself, relative names would be made outside.
  const bool below_tmp = directory == kTmp || directory.rfind(format("{}/", kTmp), 0) == 0;
  if (below_tmp && ::chdir(directory.c_str()) != 0) {
    return system_error(format("go back to {}", directory), errno,
                        "relative paths would mean other files", "start in another folder");
  }
  return {};
}

bool can_enter_private_world() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  return (sets[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN)) != 0;
}

}  // namespace takt::os
