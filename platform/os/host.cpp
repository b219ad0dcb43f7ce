#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include <limits.h>
#include <linux/close_range.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <takt/base/assert.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/host.hpp>

namespace takt::os {

Host this_host() {
  utsname names{};
  TAKT_ASSERT(::uname(&names) == 0);
  return Host{names.release, names.machine, names.nodename};
}

std::string self_executable() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

Result<void> execute_again(const std::vector<std::string>& environment) {
  auto line = read_file("/proc/self/cmdline");
  if (!line) return line.error();
  std::vector<char*> arguments;
  for (std::size_t at = 0; at < line->size(); at = line->find('\0', at) + 1) {
    arguments.push_back(line->data() + at);
    if (line->find('\0', at) == std::string::npos) break;
  }
  arguments.push_back(nullptr);
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    TAKT_ASSERT(equals != std::string::npos);
    ::setenv(entry.substr(0, equals).c_str(), entry.c_str() + equals + 1, 1);
  }
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execv("/proc/self/exe", arguments.data());
  return system_error("execute this program anew", errno, "", "is its file still there?");
}

}  // namespace takt::os
