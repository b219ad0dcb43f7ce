#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/doctor/latency.hpp>

namespace takt::doctor {
namespace {

using std::chrono::nanoseconds;

constexpr const char* kFix =
    "config/boards/README.md of takt tells how to make a board ready; the other findings name the "
    "commands";

std::string micros(std::int64_t ns) { return format("{:.1f} us", static_cast<double>(ns) * 1e-3); }

// The worst of the CPUs that a node may run on; nothing when none of them was measured.
std::optional<Percentiles> worst_of(const LatencyResult& result, const std::vector<int>& cpus) {
  std::optional<Percentiles> worst;
  for (const CpuLatency& cpu : result.cpus) {
    const bool here = cpus.empty() || std::find(cpus.begin(), cpus.end(), cpu.cpu) != cpus.end();
    if (!here || cpu.wake_ns.count == 0) continue;
    if (!worst) worst.emplace();
    worst->p99 = std::max(worst->p99, cpu.wake_ns.p99);
    worst->max = std::max(worst->max, cpu.wake_ns.max);
    worst->count += cpu.wake_ns.count;
  }
  return worst;
}

// `what`: "its deadline", "its period".
Finding judged(std::string id, const std::optional<Percentiles>& wake, nanoseconds limit,
               const std::string& what, bool required) {
  Finding finding{std::move(id), Status::unknown, "not measured", "", ""};
  finding.why = format(
      "a wake-up that takes as long as {} misses it; what it takes of it is lost "
      "for the step",
      what);
  if (!wake) return finding;
  finding.value = format("p99 {}, max {}; {} is {}", micros(wake->p99), micros(wake->max), what,
                         micros(limit.count()));
  if (wake->p99 >= limit.count()) {
    finding.status = Status::fail;
    finding.value += ": would miss it in more than 1 of 100 cycles";
  } else if (wake->max >= limit.count()) {
    finding.status = required ? Status::fail : Status::warn;
    finding.value += ": would have missed it";
  } else if (wake->max * 2 > limit.count()) {
    finding.status = Status::warn;
    finding.value += ": less than half is left for the step";
  } else {
    finding.status = Status::ok;
  }
  if (finding.status != Status::ok) finding.fix = kFix;
  return finding;
}

void judge_nodes(const LatencyResult& result, const Demand& demand, std::vector<Finding>& found) {
  for (const NodeDemand& node : demand.nodes) {
    const std::string id = "latency." + node.name;
    const auto wake = worst_of(result, node.cpus);
    if (node.deadline) {
      found.push_back(judged(id, wake, *node.deadline, "its deadline", demand.real_time_required));
    } else if (node.period.count() > 0) {
      found.push_back(judged(id, wake, node.period, "its period", demand.real_time_required));
    }
  }
}

void judge_profile(const LatencyResult& result, const Demand& demand, std::vector<Finding>& found) {
  if (!demand.board || !demand.board->wake_latency) return;
  const WakeLatency& said = *demand.board->wake_latency;
  const auto wake = worst_of(result, {});
  if (!wake) return;
  const bool late = wake->max > said.max.count() || (said.p99 && wake->p99 > said.p99->count());
  found.push_back(
      {"board.wake_latency", late ? Status::warn : Status::ok,
       format("p99 {}, max {}; profile '{}' says {}max {}", micros(wake->p99), micros(wake->max),
              demand.board->name, said.p99 ? format("p99 {}, ", micros(said.p99->count())) : "",
              micros(said.max.count())),
       "'check --board' judges deadlines and age limits by the profile's figures",
       late ? "make the board ready, or write what was measured into the profile" : ""});
}

}  // namespace

std::vector<Finding> judge_latency(const LatencyResult& result, const Demand& demand) {
  std::vector<Finding> found;
  for (const CpuLatency& cpu : result.cpus) {
    const std::string id = format("latency.cpu{}", cpu.cpu);
    if (cpu.refused) {
      found.push_back({id + ".class", demand.real_time_required ? Status::fail : Status::warn,
                       cpu.refused->message,
                       "the figures of this CPU are those of an ordinary "
                       "thread, not of a node in its class",
                       cpu.refused->fix});
    }
    if (!demand.nodes.empty()) continue;
    const std::optional<Percentiles> wake =
        cpu.wake_ns.count > 0 ? std::optional(cpu.wake_ns) : std::nullopt;
    found.push_back(judged(id, wake, demand.period, "the period", demand.real_time_required));
  }
  if (result.lock_refused) {
    found.push_back({"latency.memory_lock", demand.real_time_required ? Status::fail : Status::warn,
                     result.lock_refused->message, "the figures may hold page faults",
                     result.lock_refused->fix});
  }
  judge_nodes(result, demand, found);
  judge_profile(result, demand, found);
  return found;
}

}  // namespace takt::doctor
