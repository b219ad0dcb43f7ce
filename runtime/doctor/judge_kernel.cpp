// Preemption, the share of real-time classes, the clock, suspend.
#include <takt/base/text.hpp>

#include "runtime/doctor/judge.hpp"
#include "runtime/doctor/text_files.hpp"

namespace takt::doctor {
namespace {

constexpr const char* kInstallRt =
    "apt install linux-image-rt-arm64 (or linux-image-rt-amd64), reboot, check `uname -v`";

Finding preemption(const MachineFacts& facts, const Demand& demand) {
  Finding finding{"kernel.preemption", Status::unknown, "", "", kInstallRt};
  finding.why =
      "without PREEMPT_RT a driver or a system call of any process can delay every node, without "
      "an upper bound";
  if (!facts.kernel_version) {
    finding.value = "the kernel's version cannot be read";
    return finding;
  }
  const std::string& version = *facts.kernel_version;
  const bool rt = facts.realtime_flag || version.find("PREEMPT_RT") != std::string::npos;
  const bool preempt = version.find("PREEMPT") != std::string::npos;
  finding.value = format("{}{}", facts.kernel_release ? *facts.kernel_release + ", " : "",
                         rt        ? "PREEMPT_RT"
                         : preempt ? "preemptible, not PREEMPT_RT"
                                   : "not preemptible");
  finding.status = rt ? Status::ok : preempt ? Status::warn : lacking(demand);
  if (rt) finding.fix.clear();
  return finding;
}

Finding real_time_share(const MachineFacts& facts, const Demand& demand) {
  Finding finding{"kernel.rt_runtime", Status::ok, "", "", ""};
  finding.why =
      "a node that computes without pause is stopped for the rest of each period once the "
      "real-time classes have used up their share";
  const auto runtime = facts.rt_runtime_us;
  const auto period = facts.rt_period_us;
  if (!runtime || !period || *period <= 0) {
    finding.status = Status::unknown;
    finding.value = "/proc/sys/kernel/sched_rt_runtime_us cannot be read";
  } else if (*runtime < 0) {
    finding.value = "unlimited: a node that never stops takes its CPU for itself";
  } else {
    finding.value = format("{} of {} us", *runtime, *period);
    // 95 % is the kernel's default: it stops only what has run away.
    const bool enough = *runtime * 100 >= *period * 95;
    finding.status = *runtime == 0 ? lacking(demand) : enough ? Status::ok : Status::warn;
    if (!enough) finding.fix = "sysctl -w kernel.sched_rt_runtime_us=950000";
  }
  return finding;
}

// A cgroup with a share of 0 refuses the real-time classes to root too.
void judge_cgroup(const MachineFacts& facts, const Demand& demand, Findings& found) {
  if (!facts.cgroup_rt_runtime_us) return;
  const bool none = *facts.cgroup_rt_runtime_us == 0;
  found.push_back({"cgroup.rt_runtime", none ? lacking(demand) : Status::ok,
                   format("{} us", *facts.cgroup_rt_runtime_us),
                   "a cgroup without a share of real time refuses the class to every process in "
                   "it, also to root",
                   none ? "echo 950000 > the group's cpu.rt_runtime_us under /sys/fs/cgroup/cpu, "
                          "its parents first; or start outside of it"
                        : ""});
}

Finding clock_source(const MachineFacts& facts) {
  Finding finding{"clock.source", Status::unknown, "cannot be read",
                  "every stamp reads the clock; a slow source costs microseconds and a system call "
                  "each time, and is used when the kernel does not trust the CPU's own counter",
                  ""};
  if (!facts.clock_source) return finding;
  finding.value = *facts.clock_source;
  for (const char* good : {"tsc", "arch_sys_counter", "kvm-clock", "riscv_clocksource"}) {
    if (finding.value == good) finding.status = Status::ok;
  }
  if (finding.status == Status::ok) return finding;
  finding.status = Status::warn;
  finding.fix =
      "see `dmesg | grep -i clocksource` for the reason; on x86 `tsc=reliable` on the kernel's "
      "command line where the TSC is known to be stable";
  return finding;
}

Finding suspend(const MachineFacts& facts) {
  Finding finding{"power.suspend", Status::ok, "",
                  "in suspend nothing is controlled: outputs keep their last value and every "
                  "sample is stale afterwards",
                  ""};
  if (!facts.sleep_states) {
    finding.value = "this kernel cannot suspend";
  } else if (facts.sleep_masked) {
    finding.value = "masked in systemd";
  } else {
    finding.value = format("possible ({}){}", *facts.sleep_states,
                           facts.laptop ? ", with a battery or a lid" : "");
    if (facts.laptop) {
      finding.status = Status::warn;
      finding.fix = "systemctl mask sleep.target suspend.target hibernate.target";
    }
  }
  return finding;
}

}  // namespace

void judge_kernel(const MachineFacts& facts, const Demand& demand, Findings& found) {
  found.push_back(preemption(facts, demand));
  found.push_back(real_time_share(facts, demand));
  judge_cgroup(facts, demand, found);
}

void judge_clock_and_power(const MachineFacts& facts, const Demand&, Findings& found) {
  found.push_back(clock_source(facts));
  found.push_back(suspend(facts));
}

}  // namespace takt::doctor
