// What is read of made-up machines, and how it is judged as a whole.
#include "tests/unit/doctor/machines.hpp"

#include <algorithm>

#include <endian.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

namespace takt::doctor {
namespace {

using test::finding_of;
using test::Machine;

Demand demand_on(std::vector<int> cpus, bool required = true) {
  Demand demand = plain_demand(std::move(cpus));
  demand.real_time_required = required;
  return demand;
}

std::vector<Finding> findings_on(const Machine& machine, const Demand& demand) {
  return judge(read_facts(machine.root()), demand);
}

// The ids of one status, joined by blanks. What depends on the machine of the test is left out.
std::string ids_of(const std::vector<Finding>& findings, Status status) {
  std::string ids;
  for (const Finding& finding : findings) {
    if (finding.status != status || finding.id == "memory.shared") continue;
    ids += (ids.empty() ? "" : " ") + finding.id;
  }
  return ids;
}

TEST(ReadyBoard, HasNothingToComplainAboutOnItsIsolatedCpus) {
  const auto findings = findings_on(test::ready_board(), demand_on({2, 3}));

  EXPECT_EQ(ids_of(findings, Status::fail), "");
  EXPECT_EQ(ids_of(findings, Status::warn), "");
  EXPECT_EQ(ids_of(findings, Status::unknown), "");
  EXPECT_EQ(finding_of(findings, "kernel.preemption").value, "6.1.0-50-rt-arm64, PREEMPT_RT");
  EXPECT_EQ(finding_of(findings, "irq.affinity").value, "0 of 2 device interrupts come to CPU 2-3");
}

TEST(ReadyBoard, IsDisturbedOnTheCpusThatTheSystemUses) {
  const auto findings = findings_on(test::ready_board(), demand_on({1, 3}));

  EXPECT_EQ(ids_of(findings, Status::warn), "cpu.isolated irq.affinity");
  EXPECT_EQ(finding_of(findings, "irq.affinity").fix,
            "for i in 106; do echo 0,2 > /proc/irq/$i/smp_affinity_list; done");
}

TEST(PlainLaptop, FailsForTheRightsAloneWhenRealTimeIsRequired) {
  const auto findings = findings_on(test::plain_laptop(), demand_on({0, 1}));

  EXPECT_EQ(ids_of(findings, Status::fail), "rights.real_time rights.memory_lock");
  EXPECT_EQ(ids_of(findings, Status::warn),
            "kernel.preemption cpu.governor cpu.isolated cpu.smt irq.affinity cpu.idle memory.swap "
            "memory.huge_pages clock.source power.suspend");
}

TEST(PlainLaptop, HasOnlyWarningsForBestEffort) {
  const auto findings = findings_on(test::plain_laptop(), demand_on({0, 1}, false));

  EXPECT_EQ(ids_of(findings, Status::fail), "");
  EXPECT_EQ(finding_of(findings, "rights.real_time").status, Status::warn);
  EXPECT_EQ(finding_of(findings, "rights.memory_lock").status, Status::warn);
}

TEST(PlainLaptop, SaysWhatWasMeasured) {
  const auto findings = findings_on(test::plain_laptop(), demand_on({0, 1}));

  EXPECT_EQ(finding_of(findings, "cpu.governor").value, "powersave on CPU 0-1");
  EXPECT_EQ(finding_of(findings, "cpu.idle").value,
            "deepest state C10 wakes up in 890 us; 100 us are a tenth of the tightest period or "
            "deadline");
  EXPECT_EQ(finding_of(findings, "irq.affinity").value,
            "2 of 2 device interrupts come to CPU 0-1; irqbalance runs");
  EXPECT_EQ(finding_of(findings, "memory.swap").value, "976.6 MiB, swappiness 60");
  EXPECT_EQ(finding_of(findings, "power.suspend").value,
            "possible (freeze mem disk), with a battery or a lid");
  EXPECT_EQ(finding_of(findings, "rights.real_time").value,
            "RLIMIT_RTPRIO 0, CAP_SYS_NICE not held; the highest priority is 80");
}

TEST(PlainLaptop, NamesTheCommandsThatFreeOneCpuOfInterrupts) {
  const auto findings = findings_on(test::plain_laptop(), demand_on({1}));

  EXPECT_EQ(finding_of(findings, "irq.affinity").fix,
            "systemctl disable --now irqbalance; for i in 9; do echo 0 > "
            "/proc/irq/$i/smp_affinity_list; done");
  EXPECT_EQ(finding_of(findings, "cpu.isolated").fix,
            "kernel command line: isolcpus=1 nohz_full=1 rcu_nocbs=1");
}

TEST(PlainLaptop, ThatMustNotSuspendIsFine) {
  const Machine machine = test::plain_laptop();
  machine.link("etc/systemd/system/sleep.target", "/dev/null");

  EXPECT_EQ(finding_of(findings_on(machine, demand_on({0})), "power.suspend").status, Status::ok);
}

TEST(PlainLaptop, IsAwakeWhileSomebodyHoldsTheLatencyDown) {
  const Machine machine = test::plain_laptop();
  machine.write("dev/cpu_dma_latency", std::string("\x14\0\0\0", 4));

  const auto findings = findings_on(machine, demand_on({0}));

  EXPECT_EQ(finding_of(findings, "cpu.idle").status, Status::ok);
  EXPECT_NE(finding_of(findings, "cpu.idle").value.find("WFI wakes up in 1 us"), std::string::npos);
}

TEST(ReadyBoard, WithAMouseThatHasABatteryIsNoLaptop) {
  const Machine machine = test::ready_board();
  machine.write("sys/power/state", "mem\n");
  machine.write("sys/class/power_supply/mouse/type", "Battery\n");
  machine.write("sys/class/power_supply/mouse/scope", "Device\n");
  EXPECT_EQ(finding_of(findings_on(machine, demand_on({3})), "power.suspend").status, Status::ok);

  machine.write("sys/class/power_supply/BAT0/type", "Battery\n");

  EXPECT_EQ(finding_of(findings_on(machine, demand_on({3})), "power.suspend").status, Status::warn);
}

// CAP_SYS_NICE is bit 23.
TEST(Rights, AreInheritedFromRootAndFromAmbientCapabilities) {
  const Machine machine;
  const auto sys_nice = [&](int user, const std::string& ambient) {
    machine.write("proc/self/status",
                  format("Uid:\t1000\t{}\t1000\t1000\nCapEff:\t0000000000800000\nCapAmb:\t{}\n",
                         user, ambient));
    return *read_facts(machine.root()).sys_nice;
  };

  EXPECT_TRUE(sys_nice(0, "0000000000000000").inherited);
  EXPECT_TRUE(sys_nice(1000, "0000000000800000").inherited);
  EXPECT_FALSE(sys_nice(1000, "0000000000004000").inherited);
  EXPECT_TRUE(sys_nice(1000, "0000000000004000").effective);
  EXPECT_FALSE(read_facts(machine.root()).ipc_lock->effective);
}

TEST(StarvedCgroup, RefusesRealTimeToRootToo) {
  const auto findings = findings_on(test::starved_cgroup(), demand_on({2}));

  EXPECT_EQ(ids_of(findings, Status::fail),
            "cgroup.rt_runtime rights.real_time rights.memory_lock");
  EXPECT_EQ(ids_of(findings, Status::warn), "");
}

TEST(AnyMachine, WithoutFilesIsUnknownAndNeverReady) {
  const Machine machine;

  const auto findings = findings_on(machine, demand_on({0}));

  EXPECT_EQ(ids_of(findings, Status::unknown),
            "kernel.preemption kernel.rt_runtime irq.affinity rights.real_time rights.memory_lock "
            "memory.swap clock.source");
  EXPECT_EQ(ids_of(findings, Status::fail), "");
}

TEST(AnyMachine, ExplainsEveryFindingAndNamesACommandForEachThatIsNotOk) {
  for (const auto& make : {test::ready_board, test::plain_laptop, test::starved_cgroup}) {
    for (const Finding& finding : findings_on(make(), demand_on({0, 1}))) {
      EXPECT_FALSE(finding.value.empty()) << finding.id;
      EXPECT_FALSE(finding.why.empty()) << finding.id;
      const bool bad = finding.status == Status::warn || finding.status == Status::fail;
      EXPECT_EQ(finding.fix.empty(), !bad) << finding.id << ": " << finding.fix;
    }
  }
}

TEST(AnyMachine, OnWhichABrokerHoldsItsLockIsTold) {
  const Machine machine = test::plain_laptop();
  machine.write("tmp/iox-unique-roudi.lock", "");
  EXPECT_EQ(finding_of(findings_on(machine, demand_on({0})), "transport.broker").status, Status::ok)
      << "the file stays behind when a RouDi has ended";
  const os::UniqueFd lock(
      ::open((machine.root() + "/tmp/iox-unique-roudi.lock").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);

  const auto findings = findings_on(machine, demand_on({0}));

  EXPECT_EQ(finding_of(findings, "transport.broker").status, Status::fail);
  EXPECT_NE(finding_of(findings, "transport.broker").fix.find("--instance NAME"),
            std::string::npos);
}

// The attribute as `setcap cap_sys_nice+ep` and `setcap cap_ipc_lock+p` write it.
TEST(AnyMachine, TellsWhatAProgramsFileGrants) {
  if (::geteuid() != 0) GTEST_SKIP() << "writes capabilities of a file: run as root";
  const Machine machine;
  machine.write("bin/takt-node", "");
  const std::string program = machine.root() + "/bin/takt-node";
  EXPECT_FALSE(read_file_rights(program).sys_nice);
  vfs_cap_data data{};
  data.magic_etc = htole32(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE);
  data.data[0].permitted = htole32(CAP_TO_MASK(CAP_SYS_NICE));
  ASSERT_EQ(::setxattr(program.c_str(), "security.capability", &data, sizeof data, 0), 0);

  EXPECT_TRUE(read_file_rights(program).sys_nice);
  EXPECT_FALSE(read_file_rights(program).ipc_lock);

  data.magic_etc = htole32(VFS_CAP_REVISION_2);
  ASSERT_EQ(::setxattr(program.c_str(), "security.capability", &data, sizeof data, 0), 0);
  EXPECT_FALSE(read_file_rights(program).sys_nice) << "permitted, and nobody raises it";
}

TEST(AnyMachine, RunsTheTransportThatTaktIsWrittenFor) {
  EXPECT_EQ(read_facts("").transport_version, "2.0.3");
}

}  // namespace
}  // namespace takt::doctor
