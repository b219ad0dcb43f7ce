#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/threads.hpp>

namespace takt::os {
namespace {

// The number behind "KEY:" at the beginning of a line; 0 when there is none.
std::int64_t number_behind(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(format("\n{}:", key));
  return at == std::string::npos ? 0 : std::atoll(text.c_str() + at + key.size() + 2);
}

// The fields behind the name of a `stat` file, the state the first of them: proc(5) calls it 3.
constexpr std::size_t kMinorFaults = 10 - 3;
constexpr std::size_t kMajorFaults = 12 - 3;

}  // namespace

std::optional<ThreadCounts> thread_counts(pid_t process, pid_t thread) {
  const std::string folder = format("/proc/{}/task/{}", process, thread);
  const auto stat = read_file(folder + "/stat");
  const auto status = read_file(folder + "/status");
  if (!stat || !status) return std::nullopt;
  // The name stands in brackets and may hold anything, brackets too.
  const std::size_t begin = stat->find('(');
  const std::size_t end = stat->rfind(')');
  if (begin == std::string::npos || end == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields = split(stat->substr(std::min(end + 2, stat->size())), ' ');
  if (fields.size() <= kMajorFaults) return std::nullopt;
  return ThreadCounts{
      stat->substr(begin + 1, end - begin - 1),
      std::atoll(fields[kMinorFaults].c_str()) + std::atoll(fields[kMajorFaults].c_str()),
      number_behind(*status, "nonvoluntary_ctxt_switches")};
}

std::int64_t locked_kib(pid_t process) {
  const auto status = read_file(format("/proc/{}/status", process));
  return status ? number_behind(*status, "VmLck") : 0;
}

}  // namespace takt::os
