#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {
namespace {

constexpr std::size_t kReadBytesMax = std::size_t{256} << 20;  // A wrong path, not a file of ours.

// "" for a name without a slash means the working directory.
std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// 0 or the errno.
int write_and_sync(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Without the sync a power cut after the rename leaves an empty file under the good name.
  return ::fsync(fd) == 0 ? 0 : errno;
}

Error write_error(const std::string& path, int errno_value) {
  const std::string consequence = "the file keeps its former content";
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
      return system_error(format("write {}", path), errno_value, consequence,
                          format("free space there (`df -h {}`)", folder_of(path)));
    case EFBIG:
      return system_error(format("write {}", path), errno_value, consequence,
                          "raise the limit of file sizes (`ulimit -f unlimited`)");
    case EBUSY:
      return system_error(format("write {}", path), errno_value, consequence,
                          "in an instance's own /tmp old files cannot be replaced: choose a file "
                          "in a folder of /tmp, or elsewhere");
    case ENOENT:
      return system_error(format("write {}", path), errno_value, consequence,
                          format("make the folder: `mkdir -p {}`", folder_of(path)));
    default:
      return system_error(format("write {}", path), errno_value, consequence,
                          format("see who may write there (`ls -ld {}`)", folder_of(path)));
  }
}

void change_flag(int fd, int get_command, int set_command, int flag, bool on) {
  const int flags = ::fcntl(fd, get_command);
  TAKT_ASSERT(flags >= 0);  // Only a descriptor that is not open is refused.
  TAKT_ASSERT(::fcntl(fd, set_command, on ? flags | flag : flags & ~flag) == 0);
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  reset(other.release());
  return *this;
}

void UniqueFd::reset(int fd) noexcept {
  const int old = std::exchange(fd_, fd);
  // Not repeated after EINTR: Linux has closed it then, the number may be somebody else's already.
  if (old >= 0 && old != fd) ::close(old);
}

Result<std::string> read_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return system_error(format("open {}", path), errno, "",
                        format("see whether it is there and readable (`ls -l {}`)", path));
  }
  std::string text;
  std::array<char, 16384> piece;
  for (;;) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(format("read {}", path), errno, "", "");
    if (n == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > kReadBytesMax) {
      return fail(format("{} has more than 256 MiB", path), "is it the file that was meant?");
    }
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view text) {
  static std::atomic<unsigned> counter{0};
  const std::string beside = format("{}.{}.{}.tmp", path, ::getpid(), counter.fetch_add(1));
  ::unlink(beside.c_str());  // Left by a process that had our pid and died; its name is ours now.
  UniqueFd file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file) return write_error(path, errno);

  int refusal = write_and_sync(file.get(), text);
  file.reset();
  if (refusal == 0 && ::rename(beside.c_str(), path.c_str()) != 0) refusal = errno;
  if (refusal != 0) {
    ::unlink(beside.c_str());
    return write_error(path, refusal);
  }
  // The new name itself survives a power cut only with its folder; that it could not be synced is
  // no reason to call the write failed: every reader sees the new content.
  const UniqueFd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) ::fsync(folder.get());
  return {};
}

void set_cloexec(int fd, bool on) { change_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on); }

void set_nonblocking(int fd, bool on) { change_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on); }

}  // namespace takt::os
