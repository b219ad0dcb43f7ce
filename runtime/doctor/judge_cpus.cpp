// The CPUs of the graph: governor, isolation, siblings, interrupts, idle states.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/doctor/judge.hpp"
#include "runtime/doctor/text_files.hpp"

namespace takt::doctor {
namespace {

bool contains(const std::vector<int>& list, int wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool is_asked(const Demand& demand, int cpu) { return contains(demand.cpus, cpu); }

Finding governor(const MachineFacts& facts, const Demand& demand) {
  Finding finding{"cpu.governor", Status::ok, "no frequency scaling",
                  "at a low clock steps take several times as long, and changing it takes time "
                  "itself",
                  ""};
  std::vector<int> slow;
  std::string word;
  for (const CpuFacts& cpu : facts.cpus) {
    if (!is_asked(demand, cpu.cpu) || !cpu.governor) continue;
    if (*cpu.governor == "performance") {
      if (word.empty()) word = *cpu.governor;
      continue;
    }
    slow.push_back(cpu.cpu);
    word = *cpu.governor;
  }
  if (word.empty()) return finding;
  finding.value = slow.empty() ? word : format("{} on CPU {}", word, as_ranges(slow));
  if (!slow.empty()) {
    finding.status = Status::warn;
    finding.fix = format(
        "for c in {}; do echo performance > "
        "/sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor; done",
        fmt::join(slow, " "));
  }
  return finding;
}

Finding isolation(const MachineFacts& facts, const Demand& demand) {
  std::vector<int> shared;
  for (const int cpu : demand.cpus) {
    if (!contains(facts.isolated_cpus, cpu)) shared.push_back(cpu);
  }
  Finding finding{"cpu.isolated", shared.empty() ? Status::ok : Status::warn,
                  format("isolated: {}; tickless: {}", as_ranges(facts.isolated_cpus),
                         as_ranges(facts.tickless_cpus)),
                  "on a CPU that is not isolated other processes, kernel threads and timers run "
                  "between the nodes' cycles and leave cold caches",
                  ""};
  if (shared.empty()) return finding;
  finding.value += format("; the nodes use {}", as_ranges(demand.cpus));
  const bool all =
      facts.online_cpus && std::all_of(facts.online_cpus->begin(), facts.online_cpus->end(),
                                       [&](int cpu) { return is_asked(demand, cpu); });
  const std::string cpus = as_ranges(shared);
  finding.fix = all ? "leave one CPU to the system: give the nodes fewer ('cpu:' or a board "
                      "profile), then isolate those"
                    : format("kernel command line: isolcpus={0} nohz_full={0} rcu_nocbs={0}", cpus);
  return finding;
}

void judge_siblings(const MachineFacts& facts, Findings& found) {
  if (!facts.smt_active) return;
  found.push_back({"cpu.smt", *facts.smt_active ? Status::warn : Status::ok,
                   *facts.smt_active ? "on" : "off",
                   "two hardware threads share one core: what runs on the sibling takes time from "
                   "a node, isolated or not",
                   *facts.smt_active ? "echo off > /sys/devices/system/cpu/smt/control" : ""});
}

Finding interrupts(const MachineFacts& facts, const Demand& demand) {
  Finding finding{"irq.affinity", Status::unknown, "/proc/irq cannot be read",
                  "an interrupt that comes to a node's CPU delays the node, whatever its priority",
                  ""};
  if (!facts.irqs) return finding;
  std::vector<int> disturbing;
  for (const IrqFacts& irq : *facts.irqs) {
    const bool here = std::any_of(irq.cpus.begin(), irq.cpus.end(),
                                  [&](int cpu) { return is_asked(demand, cpu); });
    if (here) disturbing.push_back(irq.irq);
  }
  finding.value =
      format("{} of {} device interrupts come to CPU {}{}", disturbing.size(), facts.irqs->size(),
             as_ranges(demand.cpus), facts.irqbalance ? "; irqbalance runs" : "");
  std::vector<int> others = facts.online_cpus.value_or(std::vector<int>{});
  std::erase_if(others, [&](int cpu) { return is_asked(demand, cpu); });
  finding.status = disturbing.empty() && !facts.irqbalance ? Status::ok : Status::warn;
  if (finding.status == Status::ok) return finding;
  if (others.empty()) {
    finding.fix = "the nodes use every CPU: leave one to the interrupts";
    return finding;
  }
  finding.fix = facts.irqbalance ? "systemctl disable --now irqbalance; " : "";
  if (!disturbing.empty()) {
    finding.fix += format("for i in {}; do echo {} > /proc/irq/$i/smp_affinity_list; done",
                          fmt::join(disturbing, " "), as_ranges(others));
  }
  return finding;
}

}  // namespace

void judge_cpus(const MachineFacts& facts, const Demand& demand, Findings& found) {
  found.push_back(governor(facts, demand));
  found.push_back(isolation(facts, demand));
  judge_siblings(facts, found);
  found.push_back(interrupts(facts, demand));
}

void judge_idle_states(const MachineFacts& facts, const Demand& demand, Findings& found) {
  // A tenth of the time in which a node must be done is what waking up may take of it.
  const std::int64_t allowed_us = std::max<std::int64_t>(demand.tightest().count() / 10'000, 1);
  std::int64_t deepest_us = 0;
  std::string name = "none";
  bool any = false;
  for (const CpuFacts& cpu : facts.cpus) {
    if (!is_asked(demand, cpu.cpu)) continue;
    for (const IdleState& state : cpu.idle) {
      any = true;
      if (!state.enabled || state.exit_us <= deepest_us) continue;
      // What holds /dev/cpu_dma_latency down keeps the CPUs out of every slower state.
      if (facts.dma_latency_us && state.exit_us > *facts.dma_latency_us) continue;
      deepest_us = state.exit_us;
      name = state.name;
    }
  }
  Finding finding{
      "cpu.idle", Status::ok, "no idle states",
      "a CPU that sleeps deeply wakes up late: that is added to every wake-up of a node "
      "on it",
      ""};
  if (any) {
    finding.value = format(
        "deepest state {} wakes up in {} us; {} us are a tenth of the tightest "
        "period or deadline",
        name, deepest_us, allowed_us);
  }
  if (deepest_us > allowed_us) {
    finding.status = Status::warn;
    finding.fix = format(
        "cpupower -c {} idle-set -D {}; or on the kernel's command line: x86 "
        "intel_idle.max_cstate=1 processor.max_cstate=1, ARM cpuidle.off=1",
        as_ranges(demand.cpus), allowed_us);
  }
  found.push_back(std::move(finding));
}

}  // namespace takt::doctor
