#include <array>

#include <limits.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <takt/base/assert.hpp>
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

}  // namespace takt::os
