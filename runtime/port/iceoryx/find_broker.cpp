#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/port/broker.hpp>

#include "iceoryx_posh/version/version_info.hpp"

namespace takt::port {

std::string transport_version() {
  std::uint16_t major = 0, minor = 0, patch = 0;
  const iox::cxx::Serialization text = iox::version::VersionInfo::getCurrentVersion();
  if (!text.getNth(0, major) || !text.getNth(1, minor) || !text.getNth(2, patch)) return {};
  return format("{}.{}.{}", major, minor, patch);
}

FoundBroker find_broker(const std::string& root) {
  const os::UniqueFd lock(
      ::open((root + "/tmp/iox-unique-roudi.lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock) return errno == ENOENT ? FoundBroker::none : FoundBroker::unreadable;
  // Let go at once, with the descriptor.
  return ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0 ? FoundBroker::none : FoundBroker::running;
}

}  // namespace takt::port
