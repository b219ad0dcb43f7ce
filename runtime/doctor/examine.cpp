// From a graph to a demand, and from the machine to findings.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>

#include <sys/mman.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>

#include "runtime/doctor/judge.hpp"

namespace takt::doctor {
namespace {

std::optional<Error> try_class(int priority) {
  std::optional<Error> refusal;
  std::thread trial([&] {
    if (auto done = os::set_policy(0, os::SchedulingClass::fifo, priority); !done) {
      refusal = done.error();
      return;
    }
    const auto held = os::read_schedule(0);
    if (!held || held->policy != os::SchedulingClass::fifo || held->priority != priority) {
      refusal = fail("the kernel accepted class fifo and did not give it");
    }
  });
  trial.join();
  return refusal;
}

// mlockall alone succeeds with a small limit in a small program; a node maps the transport too.
std::optional<Error> try_lock(std::size_t bytes) {
  std::optional<Error> refusal;
  if (auto locked = os::lock_memory(); !locked) return locked.error();
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    refusal = system_error(
        format("lock {}", mebibytes(bytes)), errno,
        "a node could not be started, or only with memory that can be taken away",
        "`USER - memlock unlimited` in /etc/security/limits.d/takt.conf and log in again, "
        "`LimitMEMLOCK=infinity` in the systemd unit, or end other programs");
  } else {
    if (!os::memory_is_locked()) refusal = fail("the kernel accepted the lock and holds none");
    ::munmap(memory, bytes);
  }
  ::munlockall();
  return refusal;
}

// Beside `takt`, or where an installation has it.
std::string node_program() {
  namespace fs = std::filesystem;
  const fs::path here = fs::path(os::self_executable()).parent_path();
  std::error_code problem;
  const fs::path beside = here / "takt-node";
  if (fs::exists(beside, problem)) return beside.string();
  return (here / ".." / "libexec" / "takt" / "takt-node").string();
}

}  // namespace

std::string_view to_text(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::warn:
      return "warn";
    case Status::fail:
      return "fail";
    case Status::unknown:
      break;
  }
  return "unknown";
}

std::chrono::nanoseconds Demand::tightest() const {
  std::chrono::nanoseconds least = period;
  for (const NodeDemand& node : nodes) {
    if (node.deadline) least = std::min(least, *node.deadline);
  }
  return least;
}

Demand plain_demand(std::vector<int> cpus) {
  Demand demand;
  demand.cpus = std::move(cpus);
  return demand;
}

Demand demand_of(const GraphSpec& graph, std::uint64_t pool_bytes) {
  Demand demand;
  demand.graph = graph.name;
  demand.real_time_required = graph.real_time == RealTimeMode::required;
  demand.priority = 0;
  demand.pool_bytes = pool_bytes;
  std::set<int> cpus;
  std::optional<std::chrono::nanoseconds> smallest;
  for (const NodeConfig& node : graph.nodes) {
    if (node.real_time.policy == Policy::other) continue;
    demand.priority = std::max(demand.priority, node.real_time.priority);
    cpus.insert(node.real_time.cpus.begin(), node.real_time.cpus.end());
    NodeDemand asked{node.name, node.real_time.cpus, node.period, {}};
    if (node.deadline.count() > 0) asked.deadline = node.deadline;
    if (node.period.count() > 0) smallest = std::min(smallest.value_or(node.period), node.period);
    demand.nodes.push_back(std::move(asked));
  }
  demand.cpus.assign(cpus.begin(), cpus.end());
  if (smallest) demand.period = *smallest;
  return demand;
}

Trials try_rights(const Demand& demand, std::optional<std::uint64_t> available) {
  Trials trials;
  trials.locked_bytes = locked_by_a_node(demand);
  if (available && *available < 2 * trials.locked_bytes) {
    trials.memory_lock = fail(format("not tried: only {} of memory are available, a node locks {}",
                                     mebibytes(*available), mebibytes(trials.locked_bytes)),
                              "end other programs, or take a board with more memory");
  } else {
    trials.memory_lock = try_lock(static_cast<std::size_t>(trials.locked_bytes));
  }
  // A graph without real-time nodes asks for no class.
  if (demand.priority > 0) trials.real_time_class = try_class(demand.priority);
  return trials;
}

Findings judge(const MachineFacts& facts, const Demand& demand) {
  Findings found;
  judge_kernel(facts, demand, found);
  judge_board(facts, demand, found);
  judge_cpus(facts, demand, found);
  judge_idle_states(facts, demand, found);
  judge_rights(facts, demand, found);
  judge_memory(facts, demand, found);
  judge_clock_and_power(facts, demand, found);
  judge_transport(facts, demand, found);
  return found;
}

std::vector<Finding> examine(const Demand& demand) {
  MachineFacts facts = read_facts({});
  facts.node_program = read_file_rights(node_program());
  facts.trials = try_rights(demand, facts.memory_available);
  return judge(facts, demand);
}

bool has(const std::vector<Finding>& findings, Status status) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.status == status; });
}

}  // namespace takt::doctor
