#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/service_manager.hpp>

namespace takt::os {
namespace {

// The number in an environment variable; nothing when there is none.
std::optional<std::int64_t> number_in(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text + std::strlen(text);
  const auto [stop, problem] = std::from_chars(text, end, number);
  if (problem != std::errc() || stop != end || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

Result<ServiceManager> ServiceManager::from_environment() {
  ServiceManager manager;
  const char* const named = std::getenv("NOTIFY_SOCKET");
  if (named == nullptr || *named == '\0') return manager;
  const std::string path = named;
  const std::string what = format("tell the service manager at '{}' of this program's life", path);
  const std::string consequence = "it will take this program for one that never became ready";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return system_error(what, ENAMETOOLONG, consequence, "");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // A name outside of every file system.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  manager.socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!manager.socket_ ||
      ::connect(manager.socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    return system_error(what, errno, consequence, "`Type=notify` in the unit sets NOTIFY_SOCKET");
  }
  const auto watched = number_in("WATCHDOG_PID");
  if (!watched || *watched == ::getpid()) {
    if (const auto limit = number_in("WATCHDOG_USEC")) {
      manager.watchdog_ = std::chrono::microseconds(*limit);
    }
  }
  return manager;
}

// A message that finds no room is lost: the next one follows.
void ServiceManager::say(std::string_view text) {
  if (!socket_) return;
  [[maybe_unused]] const ssize_t sent =
      ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace takt::os
