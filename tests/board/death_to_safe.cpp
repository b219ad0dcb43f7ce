// On the board: kills the writer of a graph again and again, and measures at the far end of the
// wire how long a command outlives its writer. Links nothing of takt.
//
//   death_to_safe GRAPH PERIOD DEATHS
//
// GRAPH is a text with @PORT@ where the far end listens, PERIOD the writer's, in nanoseconds.
//
// Prints a line for every death, in nanoseconds: from the death, and from the last good sample
// (what the writer sends is the time of its measurement), to the arrival of the safe value. The
// first death is not printed: its restart has no back-off and may be faster than the limit of age.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/integration/support/observer.hpp"

namespace {

constexpr double kSafeCommand = -1.0;
// Above every node: the stamps are those of the wire.
constexpr int kPriority = 95;
constexpr std::size_t kCommandsBefore = 20;
constexpr std::int64_t kPeriodsBefore = 10;

bool become_real_time(int policy, int priority) {
  const sched_param param{priority};
  return ::sched_setscheduler(0, policy, &param) == 0;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

pid_t pid_of_writer() {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string command = text_of(entry.path() / "cmdline");
    // takt-node, --launched, writer: each ends with a NUL.
    if (command.find(std::string("\0writer\0", 8)) == std::string::npos) continue;
    return std::atoi(entry.path().filename().c_str());
  }
  return -1;
}

pid_t start_takt(const std::string& graph) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  become_real_time(SCHED_OTHER, 0);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ::execlp("takt", "takt", "run", graph.c_str(), "--real-time", "required", nullptr);
  std::perror("takt");
  ::_exit(127);
}

// In another part of the writer's period every time, and never about its end, where some
// microseconds would decide whether one more sample is sent. Looking for the writer took
// milliseconds of the one CPU, so some periods pass before.
void wait_for_phase(double measured, std::int64_t period, int part, int parts) {
  const std::int64_t until = static_cast<std::int64_t>(measured * 1e9) + kPeriodsBefore * period +
                             period * (2 * part + 1) / (3 * parts);
  const timespec time{static_cast<time_t>(until / 1'000'000'000),
                      static_cast<decltype(timespec::tv_nsec)>(until % 1'000'000'000)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

// Commands flow again: so many of the incarnation that came after `since`.
bool commands_flow(const observer::Port& port, std::int64_t since) {
  std::size_t count = 0;
  std::int64_t last = 0;
  return port.sees([&](const observer::Seen& one) {
    if (one.arrival_ns <= last || one.arrival_ns <= since || one.value == kSafeCommand)
      return false;
    last = one.arrival_ns;
    return ++count >= kCommandsBefore;
  });
}

// From the death at `died` and from the last good sample to the safe value. False: none came.
bool measure(const observer::Port& port, std::int64_t died, bool print) {
  const auto is_safe = [died](const observer::Seen& one) {
    return one.arrival_ns > died && one.value == kSafeCommand;
  };
  if (!port.sees(is_safe)) return false;
  double sample = 0.0;
  for (const observer::Seen& one : port.seen()) {
    if (is_safe(one)) {
      if (print) {
        const auto sampled = static_cast<std::int64_t>(sample * 1e9);
        std::printf("%s %s\n", std::to_string(one.arrival_ns - died).c_str(),
                    std::to_string(one.arrival_ns - sampled).c_str());
      }
      return true;
    }
    if (one.value != kSafeCommand) sample = one.value;
  }
  return false;
}

int run(const std::string& graph, std::int64_t period, int deaths) {
  observer::Port port;
  std::string text = text_of(graph);
  const std::size_t at = text.find("@PORT@");
  if (at == std::string::npos) return 2;
  text.replace(at, 6, std::to_string(port.number()));
  const std::string file = graph + ".run.yaml";
  std::ofstream(file) << text;
  const pid_t takt = start_takt(file);
  std::int64_t died = 0;
  int status = 0;
  for (int i = 0; i <= deaths && status == 0; ++i) {
    if (!commands_flow(port, died)) status = 1;
    const pid_t writer = pid_of_writer();
    if (status != 0 || writer < 0) break;
    commands_flow(port, observer::now_ns());
    wait_for_phase(port.seen().back().value, period, i, deaths + 1);
    died = observer::now_ns();
    ::kill(writer, SIGKILL);
    if (!measure(port, died, i > 0)) status = 1;
  }
  ::kill(takt, SIGINT);
  ::waitpid(takt, nullptr, 0);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  if (!become_real_time(SCHED_FIFO, kPriority)) return 2;
  return run(argv[1], std::atoll(argv[2]), std::atoi(argv[3]));
}
