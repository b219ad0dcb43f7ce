// Where connections come from: listening, connecting, accepting.
#include <cerrno>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/accounts.hpp>
#include <takt/os/local_socket.hpp>

namespace takt::os {
namespace {

constexpr int kBacklog = 64;           // Tools that connect in one go; more are made to wait.
constexpr int kFolderLockTries = 200;  // With the pause below: two seconds.
constexpr timespec kFolderLockPause{.tv_sec = 0, .tv_nsec = 10'000'000};

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail(format("the socket path '{}' has {} bytes; the system takes 1 to {}", path,
                       path.size(), sizeof address.sun_path - 1),
                "choose a folder with a shorter name, for example under $XDG_RUNTIME_DIR");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<UniqueFd> new_socket(int flags) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) {
    return system_error("make a socket", errno, "",
                        "raise the limit of open files (`ulimit -n 4096`)");
  }
  return fd;
}

int call(int (*what)(int, const sockaddr*, socklen_t), int fd, const sockaddr_un& address) {
  return what(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

// Two programs that start at once would otherwise both find the old socket stale, and the slower
// one would remove the new socket of the faster. A lock of the folder itself leaves nothing behind.
Result<UniqueFd> lock_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string what = format("lock {} to listen at {}", folder, path);
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    return system_error(what, errno, "", format("the folder must exist: `mkdir -p {}`", folder));
  }
  for (int i = 0; i < kFolderLockTries; ++i) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error(what, errno, "", "");
    ::nanosleep(&kFolderLockPause, nullptr);
  }
  return system_error(what, EWOULDBLOCK, "another program holds it",
                      format("`lsof {}` shows which", folder));
}

// Makes way for a new socket at a path that is taken, if nobody listens there.
Result<void> remove_stale(const std::string& path, const sockaddr_un& address) {
  const std::string what = format("listen at {}", path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode)) {
    return system_error(what, EADDRINUSE, "a file that is no socket is there",
                        format("remove it if it may go: `rm {}`", path));
  }
  // Non-blocking: a full backlog (EAGAIN) is a sign of life, not a reason to wait.
  const Result<UniqueFd> probe = new_socket(SOCK_NONBLOCK);
  if (!probe) return probe.error();
  if (call(::connect, probe->get(), address) == 0 || errno == EAGAIN) {
    return system_error(what, EADDRINUSE, "already running: another process listens there",
                        format("stop it (`lsof {}` shows which), or choose another name", path));
  }
  if (errno == ENOENT) return {};
  if (errno != ECONNREFUSED) {
    return system_error(what, errno, "the socket that is there does not tell whether it is in use",
                        format("see whose it is: `ls -l {}`", path));
  }
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return system_error(format("remove the stale socket {}", path), errno, "",
                      format("see whose it is: `ls -l {}`", path));
}

}  // namespace

Result<UniqueFd> listen_at(const std::string& path, mode_t mode) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  const Result<UniqueFd> lock = lock_folder(path);
  if (!lock) return lock.error();
  Result<UniqueFd> fd = new_socket(0);
  if (!fd) return fd;

  // The new file takes the socket's own mode, so that it is never open to more than `mode` says.
  ::fchmod(fd->get(), mode);
  int refused = call(::bind, fd->get(), *address);
  if (refused != 0 && errno == EADDRINUSE) {
    if (Result<void> removed = remove_stale(path, *address); !removed) return removed.error();
    refused = call(::bind, fd->get(), *address);
  }
  if (refused != 0) {
    return system_error(format("listen at {}", path), errno, "",
                        "its folder must exist and be writable for this user");
  }
  // Once more by name: the umask took bits away from the first.
  if (::chmod(path.c_str(), mode) != 0 || ::listen(fd->get(), kBacklog) != 0) {
    const int refusal = errno;
    ::unlink(path.c_str());
    return system_error(format("listen at {}", path), refusal, "", "");
  }
  return fd;
}

Result<void> open_to_group(const std::string& path, gid_t group) {
  const std::string what = format("give the socket {} to the group '{}'", path, group_name(group));
  if (::lchown(path.c_str(), static_cast<uid_t>(-1), group) != 0) {
    return system_error(what, errno, "a user may give files only to groups that it is a member of",
                        format("`sudo usermod -aG {} {}` and log in again, or "
                               "`SupplementaryGroups={}` in the systemd unit",
                               group_name(group), user_name(::geteuid()), group_name(group)));
  }
  if (::chmod(path.c_str(), 0660) != 0) return system_error(what, errno, "", "");
  return {};
}

bool remove_if_stale(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  const Result<UniqueFd> lock = lock_folder(path);
  return address && lock && remove_stale(path, *address).ok();
}

Result<UniqueFd> connect_to(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  Result<UniqueFd> fd = new_socket(0);
  if (!fd) return fd;

  // Bounds the wait for a place in the backlog of a process that hangs.
  timeval patience{.tv_sec = kPeerWaitMax.count(), .tv_usec = 0};
  ::setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  int refused = 0;
  do {
    refused = call(::connect, fd->get(), *address);
  } while (refused != 0 && errno == EINTR);
  if (refused != 0) {
    const int refusal = errno == EAGAIN ? ETIMEDOUT : errno;
    const bool nobody = refusal == ENOENT || refusal == ECONNREFUSED;
    return system_error(
        format("connect to {}", path), refusal,
        nobody                 ? "nobody listens there"
        : refusal == ETIMEDOUT ? "who listens there does not answer"
                               : "",
        nobody ? "start the program that serves it" : format("see whose it is: `ls -l {}`", path));
  }
  patience = {};
  ::setsockopt(fd->get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return fd;
}

Result<UniqueFd> accept_from(int listening) {
  for (;;) {
    UniqueFd fd(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
    if (fd) return fd;
    if (errno == EINTR || errno == ECONNABORTED) continue;
    return system_error("accept a connection", errno, "",
                        errno == EMFILE || errno == ENFILE
                            ? "raise the limit of open files (`ulimit -n 4096`)"
                            : "");
  }
}

}  // namespace takt::os
