#include "runtime/supervisor/log.hpp"

#include <cerrno>

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <unistd.h>

#include <takt/base/text.hpp>

namespace takt::supervisor {

Result<Log> Log::open(const std::string& path, std::function<void(const std::string&)> say,
                      bool go_on) {
  Log log;
  log.say_ = std::move(say);
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(path, !go_on);
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e %v");
    log.logger_ = std::make_shared<spdlog::logger>("takt", std::move(sink));
    // Lines are few and a crash must not swallow them.
    log.logger_->flush_on(spdlog::level::info);
  } catch (const spdlog::spdlog_ex& refusal) {
    return fail(format("cannot write the log '{}': {}", path, refusal.what()),
                "check its permissions and that the disk is not full");
  }
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return system_error(format("open '{}'", path), errno, "", "check its permissions");
  log.fd_ = std::shared_ptr<int>(new int(fd), [](int* held) {
    ::close(*held);
    delete held;
  });
  return log;
}

void Log::event(const std::string& text) { logger_->info("{}", text); }

void Log::say(const std::string& text) {
  event(text);
  if (say_) say_(text);
}

void Log::output_of(const std::string& process, const std::string& line) {
  say(format("[{}] {}", process, line));
}

int Log::fd() const { return *fd_; }

}  // namespace takt::supervisor
