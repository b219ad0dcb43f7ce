#include "tests/unit/doctor/machines.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

namespace takt::test {

namespace fs = std::filesystem;

Machine::Machine() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  root_ = fs::path(TAKT_BINARY_DIR) / "tests/unit/doctor" /
          format("{}.{}", test->test_suite_name(), test->name());
  fs::remove_all(root_);
  fs::create_directories(root_ / "dev/shm");
  fs::create_directories(root_ / "tmp");
}

void Machine::write(const std::string& path, const std::string& text) const {
  const fs::path file = root_ / path;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void Machine::link(const std::string& path, const std::string& target) const {
  const fs::path name = root_ / path;
  fs::create_directories(name.parent_path());
  fs::create_symlink(target, name);
}

void Machine::folder(const std::string& path) const { fs::create_directories(root_ / path); }

namespace {

void write_limits(const Machine& machine, const std::string& rtprio, const std::string& memlock) {
  machine.write("proc/self/limits", format("Limit                     Soft Limit           Hard "
                                           "Limit           Units     \n"
                                           "Max locked memory         {0:<20} {0:<20} bytes     \n"
                                           "Max realtime priority     {1:<20} {1:<20}           \n",
                                           memlock, rtprio));
}

void write_status(const Machine& machine, int user, const std::string& effective) {
  machine.write("proc/self/status",
                format("Name:\ttakt\nUid:\t{0}\t{0}\t{0}\t{0}\nGid:\t{0}\t{0}\t{0}\t{0}\n"
                       "CapInh:\t0000000000000000\nCapPrm:\t{1}\nCapEff:\t{1}\n"
                       "CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\n",
                       user, effective));
}

void write_irq(const Machine& machine, int irq, const std::string& cpus, bool used = true) {
  machine.write(format("proc/irq/{}/smp_affinity_list", irq), "0-3\n");
  machine.write(format("proc/irq/{}/effective_affinity_list", irq), cpus + "\n");
  if (used) machine.folder(format("proc/irq/{}/eth0", irq));
}

void write_cpu(const Machine& machine, int cpu, const std::string& governor,
               const std::string& slow_state, int exit_us) {
  const std::string folder = format("sys/devices/system/cpu/cpu{}", cpu);
  machine.write(folder + "/cpufreq/scaling_governor", governor + "\n");
  machine.write(folder + "/cpuidle/state0/name", "WFI\n");
  machine.write(folder + "/cpuidle/state0/latency", "1\n");
  machine.write(folder + "/cpuidle/state0/disable", "0\n");
  machine.write(folder + "/cpuidle/state1/name", slow_state + "\n");
  machine.write(folder + "/cpuidle/state1/latency", format("{}\n", exit_us));
  machine.write(folder + "/cpuidle/state1/disable", "0\n");
}

void write_kernel(const Machine& machine, const std::string& release, const std::string& version,
                  const std::string& arch) {
  machine.write("proc/sys/kernel/osrelease", release + "\n");
  machine.write("proc/sys/kernel/version", version + "\n");
  machine.write("proc/sys/kernel/arch", arch + "\n");
  machine.write("proc/sys/kernel/sched_rt_runtime_us", "950000\n");
  machine.write("proc/sys/kernel/sched_rt_period_us", "1000000\n");
}

void write_memory(const Machine& machine, int total_kib, int available_kib, int swap_kib) {
  machine.write("proc/meminfo",
                format("MemTotal:        {} kB\nMemFree:         1 kB\nMemAvailable:   {} kB\n"
                       "SwapTotal:       {} kB\nSwapFree:        {} kB\n",
                       total_kib, available_kib, swap_kib, swap_kib));
}

void write_board(const Machine& machine) {
  write_kernel(machine, "6.1.0-50-rt-arm64", "#1 SMP PREEMPT_RT Debian 6.1.176-1 (2026-06-01)",
               "aarch64");
  machine.write("sys/kernel/realtime", "1\n");
  machine.write("proc/cmdline", "root=/dev/mmcblk0p2 isolcpus=2,3 nohz_full=2,3\n");
  machine.write("sys/devices/system/cpu/online", "0-3\n");
  machine.write("sys/devices/system/cpu/isolated", "2-3\n");
  machine.write("sys/devices/system/cpu/nohz_full", "2-3\n");
  for (int cpu = 0; cpu < 4; ++cpu) write_cpu(machine, cpu, "performance", "cpu-sleep-0", 40);
  machine.write("sys/devices/system/clocksource/clocksource0/current_clocksource",
                "arch_sys_counter\n");
  write_irq(machine, 14, "0");
  write_irq(machine, 106, "0-1");
  write_irq(machine, 107, "3", false);  // Nobody uses it.
  write_memory(machine, 4'000'000, 3'500'000, 0);
  machine.write("proc/sys/vm/swappiness", "60\n");
  machine.write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  machine.write("proc/self/cgroup", "0::/user.slice\n");
}

}  // namespace

Machine ready_board() {
  Machine machine;
  write_board(machine);
  write_limits(machine, "98", "unlimited");
  write_status(machine, 1000, "0000000000000000");
  return machine;
}

Machine plain_laptop() {
  Machine machine;
  write_kernel(machine, "6.1.0-18-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1", "x86_64");
  machine.write("sys/devices/system/cpu/online", "0-1\n");
  machine.write("sys/devices/system/cpu/isolated", "\n");
  machine.write("sys/devices/system/cpu/nohz_full", "(null)\n");
  machine.write("sys/devices/system/cpu/smt/active", "1\n");
  for (int cpu = 0; cpu < 2; ++cpu) write_cpu(machine, cpu, "powersave", "C10", 890);
  machine.write("dev/cpu_dma_latency", std::string("\x00\x94\x35\x77", 4));  // 2000 s: no limit.
  machine.write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
  write_irq(machine, 9, "1");
  write_irq(machine, 120, "0");
  machine.write("proc/711/comm", "irqbalance\n");
  write_memory(machine, 8'000'000, 5'000'000, 1'000'000);
  machine.write("proc/sys/vm/swappiness", "60\n");
  machine.write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
  machine.write("sys/power/state", "freeze mem disk\n");
  machine.write("sys/class/power_supply/BAT0/type", "Battery\n");
  machine.write("sys/class/dmi/id/chassis_type", "10\n");
  machine.write("proc/self/cgroup", "0::/user.slice/user-1000.slice\n");
  write_limits(machine, "0", "8388608");
  write_status(machine, 1000, "0000000000000000");
  return machine;
}

Machine starved_cgroup() {
  Machine machine;
  write_board(machine);
  machine.write("proc/self/cgroup", "9:name=systemd:/docker/a\n4:cpu,cpuacct:/docker/a\n0::/\n");
  machine.write("sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.rt_runtime_us", "0\n");
  write_limits(machine, "0", "65536");
  write_status(machine, 0, "00000000a80425fb");  // A container's usual set: neither of the two.
  return machine;
}

const doctor::Finding& finding_of(const std::vector<doctor::Finding>& findings,
                                  const std::string& id) {
  static const doctor::Finding none{"none", doctor::Status::unknown, "", "", ""};
  for (const doctor::Finding& finding : findings) {
    if (finding.id == id) return finding;
  }
  ADD_FAILURE() << "there is no finding '" << id << "'";
  return none;
}

}  // namespace takt::test
