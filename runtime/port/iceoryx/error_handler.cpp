#include "runtime/port/iceoryx/error_handler.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include <takt/port/world.hpp>

#include "iceoryx_hoofs/error_handling/error_handling.hpp"
#include "iceoryx_hoofs/log/logmanager.hpp"

namespace takt::port {
namespace {

std::atomic<bool> survives{false};
std::atomic<std::uint32_t> frees{0};

void handle(const char* who, const char* error, iox::ErrorLevel level) {
  if (level == iox::ErrorLevel::MODERATE) return;
  char line[256];
  const int n =
      std::snprintf(line, sizeof line,
                    "%s: the shared-memory transport failed: %s; the process ends\n", who, error);
  if (n > 0) {
    const auto length =
        static_cast<std::size_t>(n) < sizeof line ? static_cast<std::size_t>(n) : sizeof line - 1;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line, length);
  }
  // A process that goes on after a fatal error of iceoryx reads freed memory (measured).
  ::_exit(kTransportFailedStatus);
}

}  // namespace

void take_over_iceoryx_errors(const char* who) {
  static const char* name = who;
  name = who;
  static iox::HandlerFunction handler = [](const iox::Error, const std::function<void()>&,
                                           const iox::ErrorLevel) {};
  handler = [](const iox::Error error, const std::function<void()>&, const iox::ErrorLevel level) {
    if (error == iox::Error::kPOSH__MEMPOOL_POSSIBLE_DOUBLE_FREE && survives) {
      ++frees;
      return;
    }
    handle(name, iox::ErrorHandler::toString(error), level);
  };
  static auto guard = iox::ErrorHandler::setTemporaryErrorHandler(handler);
  iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kOff,
                                                           iox::log::LogLevelOutput::kHideLogLevel);
}

std::uint32_t double_frees() { return frees; }
void survive_double_frees() {
  survives = true;
  frees = 0;
}

}  // namespace takt::port
