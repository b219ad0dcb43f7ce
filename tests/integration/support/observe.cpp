#include "tests/integration/support/observe.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/child.hpp"

namespace takt::test {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The letter behind the name, which stands in brackets and may hold anything.
char state_of(pid_t pid) {
  const std::string stat = text_of(format("/proc/{}/stat", pid));
  const std::size_t end = stat.rfind(')');
  return end == std::string::npos || end + 2 >= stat.size() ? 'X' : stat[end + 2];
}

}  // namespace

bool is_gone(pid_t pid) {
  const char state = state_of(pid);
  return state == 'X' || state == 'Z';
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& task :
       std::filesystem::directory_iterator(format("/proc/{}/task", parent), gone)) {
    std::istringstream list(text_of(task.path() / "children"));
    for (pid_t child = 0; list >> child;) {
      if (!is_gone(child)) children.push_back(child);
    }
  }
  return children;
}

std::string program_of(pid_t pid) {
  std::error_code gone;
  return std::filesystem::read_symlink(format("/proc/{}/exe", pid), gone).filename();
}

std::vector<ThreadFacts> threads_of(pid_t pid) {
  std::vector<ThreadFacts> threads;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(format("/proc/{}/task", pid), gone)) {
    ThreadFacts facts;
    facts.tid = std::stoi(task.path().filename());
    facts.policy = ::sched_getscheduler(facts.tid);
    sched_param param{};
    ::sched_getparam(facts.tid, &param);
    facts.priority = param.sched_priority;
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    ::sched_getaffinity(facts.tid, sizeof cpus, &cpus);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &cpus)) facts.cpus.push_back(static_cast<int>(cpu));
    }
    threads.push_back(facts);
  }
  std::sort(threads.begin(), threads.end(),
            [](const auto& a, const auto& b) { return a.tid < b.tid; });
  return threads;
}

std::int64_t status_kib(pid_t pid, const std::string& key) {
  const std::string status = text_of(format("/proc/{}/status", pid));
  const std::size_t at = status.find("\n" + key + ":");
  return at == std::string::npos ? 0 : std::atol(status.c_str() + at + key.size() + 2);
}

std::set<std::string> names_on_this_machine() {
  std::set<std::string> names;
  std::error_code error;
  const auto add = [&](const std::string& folder, const std::vector<std::string>& starts) {
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename();
      if (std::any_of(starts.begin(), starts.end(),
                      [&](const std::string& start) { return name.rfind(start, 0) == 0; })) {
        names.insert(entry.path());
      }
    }
  };
  add("/dev/shm", {""});
  add("/tmp", {"roudi", "iox-"});
  std::istringstream mounts(text_of("/proc/self/mountinfo"));
  for (std::string line; std::getline(mounts, line);) {
    if (line.find("takt-") != std::string::npos) names.insert(line);
  }
  return names;
}

std::vector<std::string> sockets_of(const std::string& instance) {
  const char* given = std::getenv("XDG_RUNTIME_DIR");
  const std::string own =
      given != nullptr ? format("{}/takt", given) : format("/tmp/takt-{}", ::geteuid());
  std::vector<std::string> sockets;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(::geteuid() == 0 ? "/run/takt" : own, none)) {
    const std::string name = entry.path().filename();
    if (name.rfind(instance + ".", 0) == 0) sockets.push_back(name);
  }
  return sockets;
}

double seconds_until_gone(const std::vector<pid_t>& pids) {
  const auto since = std::chrono::steady_clock::now();
  while (!std::all_of(pids.begin(), pids.end(), is_gone)) {
    if (std::chrono::steady_clock::now() - since > kWatchdog) {
      ADD_FAILURE() << "processes are left";
      return -1.0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

}  // namespace takt::test
