// A planned disturbance: processes that compute without pause on the CPUs of a node, just above it.
#include <csignal>

#include <takt/base/text.hpp>
#include <takt/os/scheduling.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

// Long enough to break every freshness limit, short enough that a machine of one CPU comes back.
constexpr std::chrono::seconds kHogDefault{1};
constexpr std::chrono::seconds kHogMax{60};
// A node that may use more CPUs than this is not bound at all: it is disturbed on these.
constexpr std::size_t kHogCpusMax = 64;

// It ends by itself.
Result<os::Child> start_hog(const std::string& program, std::chrono::nanoseconds time) {
  os::SpawnOptions options;
  options.program = program;
  options.arguments = {"--hog", format("{}", time.count())};
  return os::spawn(options);
}

}  // namespace

Result<std::string> Run::start_hogs(const Process& process, std::chrono::nanoseconds time) {
  if (time.count() == 0) time = kHogDefault;
  if (time < std::chrono::nanoseconds(0) || time > kHogMax) {
    return fail(format("a hog runs for at most {} s", kHogMax.count()));
  }
  const auto node = os::read_schedule(process.child.pid());
  if (!node) return node.error();
  const auto program = find_program("takt-node");
  if (!program) return program.error();
  const bool real_time = node->policy != os::SchedulingClass::other;
  const int priority = real_time ? node->priority + 1 : 1;
  std::string said = format("fifo {}", priority);
  std::vector<int> cpus = node->cpus;
  cpus.resize(std::min(cpus.size(), kHogCpusMax));
  for (const int cpu : cpus) {
    const auto refuse = [this](const Error& error) {
      end_hogs();  // None disturbs without what was asked for.
      return error;
    };
    auto hog = start_hog(*program, time);
    if (!hog) return refuse(hog.error());
    hogs_.push_back(std::move(*hog));
    const pid_t pid = hogs_.back().pid();
    if (auto placed = os::set_affinity(pid, {cpu}); !placed) return refuse(placed.error());
    const auto raised = os::set_policy(pid, os::SchedulingClass::fifo, priority);
    if (raised) continue;
    if (real_time) return refuse(raised.error());
    said = "class other, as the node: a real-time class was refused";
  }
  return format("{} on cpu {} for {:.3g} s", said, fmt::join(cpus, ","),
                std::chrono::duration<double>(time).count());
}

void Run::reap_hogs() {
  std::erase_if(hogs_, [](os::Child& hog) { return os::try_wait(hog).has_value(); });
}

void Run::end_hogs() {
  for (os::Child& hog : hogs_) {
    static_cast<void>(os::send_signal(hog, SIGKILL));
    os::wait_readable(hog.pidfd(), std::chrono::milliseconds(500));
  }
  reap_hogs();
}

}  // namespace takt::supervisor
