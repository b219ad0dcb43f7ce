// What was read of a machine, before anybody judges it. Nothing: it could not be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/doctor/doctor.hpp>
#include <takt/port/broker.hpp>

namespace takt::doctor {

struct IdleState {
  std::string name;  // "C6"
  std::int64_t exit_us = 0;
  bool enabled = true;
};

struct CpuFacts {
  int cpu = 0;
  std::optional<std::string> governor;  // Nothing: no frequency scaling.
  std::vector<IdleState> idle;
};

// An interrupt that a device uses, and the CPUs on which it may come.
struct IrqFacts {
  int irq = 0;
  std::vector<int> cpus;
};

// A soft limit of this process. Unlimited: the largest number.
inline constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

// Effective capabilities, and whether children have them too: as root, or ambient.
struct Capability {
  bool effective = false;
  bool inherited = false;
};

// Rights that a program's file gives it, whoever starts it (`setcap`).
struct FileRights {
  bool sys_nice = false;
  bool ipc_lock = false;
};

// What happened when it was really tried; nothing: it worked.
struct Trials {
  std::optional<Error> real_time_class;
  std::optional<Error> memory_lock;
  std::uint64_t locked_bytes = 0;
};

struct MachineFacts {
  std::optional<std::string> kernel_version;  // uname -v
  std::optional<std::string> kernel_release;
  std::string arch;
  bool realtime_flag = false;  // /sys/kernel/realtime is 1.
  std::string command_line;

  std::optional<std::vector<int>> online_cpus;
  std::vector<int> isolated_cpus;
  std::vector<int> tickless_cpus;  // nohz_full
  std::optional<bool> smt_active;
  std::vector<CpuFacts> cpus;
  std::optional<std::int64_t> dma_latency_us;  // What holds /dev/cpu_dma_latency down.
  std::optional<std::string> clock_source;
  std::optional<std::vector<IrqFacts>> irqs;
  bool irqbalance = false;

  std::optional<std::int64_t> rt_runtime_us, rt_period_us;
  std::optional<std::int64_t> cgroup_rt_runtime_us;
  std::optional<std::uint64_t> rtprio_limit, memlock_limit;
  std::optional<Capability> sys_nice, ipc_lock, sys_admin;
  FileRights node_program;

  std::optional<std::uint64_t> memory_total, memory_available, shm_free, swap_total;
  std::optional<std::int64_t> swappiness;
  std::optional<std::string> huge_pages;  // The chosen word.

  std::optional<std::string> sleep_states;  // Words of /sys/power/state; nothing: no suspend.
  bool laptop = false;
  bool sleep_masked = false;  // systemd may not suspend.

  std::string transport_version;
  port::FoundBroker broker = port::FoundBroker::none;
  std::optional<Trials> trials;
};

// Everything that stands in files below `root`, empty for this machine. No trials, and nothing of
// the node program.
MachineFacts read_facts(const std::string& root);

// None when there is no such file, or when it has none.
FileRights read_file_rights(const std::string& program);

// Takes the class and locks as much memory as a node of the graph would, and lets go again. Locks
// nothing when less than twice that is `available`: others would be killed for it.
Trials try_rights(const Demand& demand, std::optional<std::uint64_t> available);

}  // namespace takt::doctor
