// The instance's log: a file, and the user's eyes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <takt/base/result.hpp>

namespace spdlog {
class logger;
}

namespace takt::supervisor {

// Thread safety: one thread. Real time: no. Lifetime: the run's.
class Log {
 public:
  // Starts the file anew, or goes on with it. Errors: permissions, a full disk.
  static Result<Log> open(const std::string& path, std::function<void(const std::string&)> say,
                          bool go_on = false);

  void event(const std::string& text);  // File only.
  void say(const std::string& text);    // File and user.
  // A line that a process of the graph has printed: file and user.
  void output_of(const std::string& process, const std::string& line);
  int fd() const;  // For what libraries print.

 private:
  std::shared_ptr<spdlog::logger> logger_;
  std::function<void(const std::string&)> say_;
  std::shared_ptr<int> fd_;
};

}  // namespace takt::supervisor
