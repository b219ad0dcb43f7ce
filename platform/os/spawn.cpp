// Starting a program: what happens between fork and exec, where only async-signal-safe calls may be
// made, because another thread may have held any lock at the fork.
#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <string_view>

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/process.hpp>

namespace takt::os {
namespace {

struct Copy {
  int from;    // The number in the parent.
  int parked;  // Above every target, so that no target overwrites a source that is still needed.
  int to;
};

// Everything that the child needs, allocated before the fork.
struct Plan {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<Copy> copies;
  std::vector<int> kept;  // Targets from 3 on, ascending; all between them is closed.
  int first_free = 3;     // Above every target.
  bool new_process_group = true;
  int report = -1;  // The pipe on which the child says why it could not execute.
};

enum class Stage : int { arrange_descriptors, execute };

struct Report {
  Stage stage;
  int errno_value;
};
static_assert(std::is_trivially_copyable_v<Report>, "crosses a pipe as bytes");

// ---- In the child ----

[[noreturn]] void give_up(int report, Stage stage) noexcept {
  const Report text{stage, errno};
  [[maybe_unused]] const auto written = ::write(report, &text, sizeof text);
  ::_exit(127);
}

void reset_signals(bool ignore_interrupt) noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  // The C library's own two signals and SIGKILL, SIGSTOP are refused; none of them can be ignored.
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  if (ignore_interrupt) ::sigaction(SIGINT, &action, nullptr);
}

// Returns the number at which the report pipe then is.
int arrange_descriptors(Plan& plan) noexcept {
  const int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, plan.first_free);
  if (report < 0) give_up(plan.report, Stage::arrange_descriptors);
  for (Copy& copy : plan.copies) {
    copy.parked = ::fcntl(copy.from, F_DUPFD_CLOEXEC, plan.first_free);
    if (copy.parked < 0) give_up(report, Stage::arrange_descriptors);
  }
  for (const Copy& copy : plan.copies) {
    if (::dup2(copy.parked, copy.to) < 0) give_up(report, Stage::arrange_descriptors);
  }
  unsigned next = 3;
  const auto close_up_to = [&](int kept) {
    const auto end = static_cast<unsigned>(kept);
    if (end > next && ::close_range(next, end - 1, 0) != 0) {
      give_up(report, Stage::arrange_descriptors);
    }
    next = end + 1;
  };
  for (const int kept : plan.kept) close_up_to(kept);
  close_up_to(report);
  if (::close_range(next, ~0U, 0) != 0) give_up(report, Stage::arrange_descriptors);
  return report;
}

[[noreturn]] void become(Plan& plan) noexcept {
  if (plan.new_process_group) ::setpgid(0, 0);
  reset_signals(plan.new_process_group);
  const int report = arrange_descriptors(plan);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(plan.arguments[0], plan.arguments.data(), plan.environment.data());
  give_up(report, Stage::execute);
}

// ---- In the parent ----

// The strings of `texts` as exec wants them; they must live until the fork is over.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& extra) {
  std::vector<std::string> all;
  std::set<std::string_view> replaced;
  for (const std::string_view entry : extra) replaced.insert(entry.substr(0, entry.find('=')));
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (replaced.count(text.substr(0, text.find('='))) == 0) all.emplace_back(text);
  }
  all.insert(all.end(), extra.begin(), extra.end());
  return all;
}

void plan_descriptors(const SpawnOptions& options, Plan& plan) {
  const std::array<int, 3> standard{options.stdin_fd, options.stdout_fd, options.stderr_fd};
  for (int to = 0; to < 3; ++to) {
    const int from = standard[static_cast<std::size_t>(to)];
    if (from >= 0) plan.copies.push_back({.from = from, .parked = -1, .to = to});
  }
  for (const auto& [from, to] : options.inherited) {
    TAKT_ASSERT(from >= 0);
    TAKT_ASSERT(to >= 3 && to <= kInheritedFdMax);
    plan.copies.push_back({.from = from, .parked = -1, .to = to});
    plan.kept.push_back(to);
  }
  std::sort(plan.kept.begin(), plan.kept.end());
  TAKT_ASSERT(std::adjacent_find(plan.kept.begin(), plan.kept.end()) == plan.kept.end());
  if (!plan.kept.empty()) plan.first_free = plan.kept.back() + 1;
}

Error start_refused(const std::string& program, const Report& report) {
  const std::string what = format("start {}", program);
  if (report.stage == Stage::arrange_descriptors) {
    return system_error(format("arrange the open files of {}", program), report.errno_value, "",
                        report.errno_value == EBADF
                            ? "a descriptor that it should inherit is not open"
                            : "raise the limit of open files (`ulimit -n 4096`)");
  }
  switch (report.errno_value) {
    case ENOENT:
      return system_error(what, report.errno_value, "",
                          format("`ls -l {}`: it, or the interpreter that it names, is missing; "
                                 "PATH is not searched",
                                 program));
    case EACCES:
      return system_error(
          what, report.errno_value, "",
          format("`chmod +x {}`; its file system must not be mounted noexec", program));
    case ENOEXEC:
      return system_error(what, report.errno_value, "it is no program for this machine",
                          format("`file {}`", program));
    default:
      return system_error(what, report.errno_value, "", "");
  }
}

pid_t fork_into(Plan& plan) {
  // No handler of the parent may run in the child, and what is pending for it stays outside.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  TAKT_ASSERT(::pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) become(plan);
  const int refusal = errno;
  TAKT_ASSERT(::pthread_sigmask(SIG_SETMASK, &before, nullptr) == 0);
  errno = refusal;
  return pid;
}

// Whether the child sent a report; without one it has executed, or was killed before it could.
bool read_report(int pipe, Report& report) {
  ssize_t n = 0;
  do {
    n = ::read(pipe, &report, sizeof report);
  } while (n < 0 && errno == EINTR);
  return n == static_cast<ssize_t>(sizeof report);
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Result<Child> spawn(const SpawnOptions& options) {
  Plan plan;
  std::vector<std::string> arguments{options.program};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment = merged_environment(options.extra_environment);
  plan.arguments = pointers(arguments);
  plan.environment = pointers(environment);
  plan.new_process_group = options.new_process_group;
  plan_descriptors(options, plan);

  std::array<int, 2> pipe{-1, -1};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return system_error(format("start {}", options.program), errno, "",
                        "raise the limit of open files (`ulimit -n 4096`)");
  }
  const UniqueFd reading(pipe[0]);
  UniqueFd writing(pipe[1]);
  plan.report = writing.get();

  const pid_t pid = fork_into(plan);
  if (pid < 0) {
    return system_error(format("start {}", options.program), errno, "",
                        "raise the limit of processes (`ulimit -u`, `TasksMax=`) or free memory");
  }
  writing.reset();
  // No race: the pid is the child's until somebody waits for it.
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) {
    const int refusal = errno;
    ::kill(pid, SIGKILL);
    reap(pid);
    return system_error(format("watch {}", options.program), refusal, "",
                        "takt needs Linux 5.9 or later and free entries in the table of files");
  }
  Report report{};
  if (read_report(reading.get(), report)) {
    reap(pid);
    return start_refused(options.program, report);
  }
  return Child(pid, std::move(pidfd));
}

}  // namespace takt::os
