// The machine's facts from its files: kernel, memory, limits, power, transport.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <endian.h>
#include <linux/capability.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>

#include "runtime/doctor/facts.hpp"
#include "runtime/doctor/read_cpus.hpp"
#include "runtime/doctor/text_files.hpp"

namespace takt::doctor {
namespace {

namespace fs = std::filesystem;

void read_kernel(const std::string& root, MachineFacts& facts) {
  facts.kernel_version = read_text(root + "/proc/sys/kernel/version");
  facts.kernel_release = read_text(root + "/proc/sys/kernel/osrelease");
  // The file came with Linux 6.1.
  facts.arch = read_text(root + "/proc/sys/kernel/arch").value_or(os::this_host().arch);
  facts.realtime_flag = read_number(root + "/sys/kernel/realtime") == 1;
  facts.command_line = read_text(root + "/proc/cmdline").value_or("");
  facts.rt_runtime_us = read_number(root + "/proc/sys/kernel/sched_rt_runtime_us");
  facts.rt_period_us = read_number(root + "/proc/sys/kernel/sched_rt_period_us");
  facts.clock_source =
      read_text(root + "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

// "Max realtime priority     98    99    " : the soft limit.
std::optional<std::uint64_t> limit_of(const std::string& limits, std::string_view name) {
  const auto field = field_of(limits, name);
  if (!field) return std::nullopt;
  const std::string soft = field->substr(0, field->find(' '));
  if (soft == "unlimited") return kUnlimited;
  const auto value = number_of(soft);
  return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

std::optional<std::uint64_t> hex_field(const std::string& status, std::string_view key) {
  const auto text = field_of(status, key);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value, 16);
  return problem == std::errc() ? std::optional(value) : std::nullopt;
}

// With CONFIG_RT_GROUP_SCHED the cgroup of this process has a share of real time, 0 by default.
std::optional<std::int64_t> read_cgroup_share(const std::string& root) {
  const auto groups = read_text(root + "/proc/self/cgroup");
  if (!groups) return std::nullopt;
  for (const std::string& line : split(*groups, '\n')) {
    const std::vector<std::string> parts = split(line, ':');  // "4:cpu,cpuacct:/user.slice"
    if (parts.size() < 3) continue;
    for (const std::string& controller : split(parts[1], ',')) {
      if (controller != "cpu") continue;
      for (const char* mount : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}) {
        const auto share = read_number(root + mount + parts[2] + "/cpu.rt_runtime_us");
        if (share) return share;
      }
    }
  }
  return std::nullopt;
}

void read_rights(const std::string& root, MachineFacts& facts) {
  if (const auto limits = read_text(root + "/proc/self/limits")) {
    facts.rtprio_limit = limit_of(*limits, "Max realtime priority");
    facts.memlock_limit = limit_of(*limits, "Max locked memory");
  }
  facts.cgroup_rt_runtime_us = read_cgroup_share(root);
  const auto status = read_text(root + "/proc/self/status");
  if (!status) return;
  const auto effective = hex_field(*status, "CapEff:");
  const auto ambient = hex_field(*status, "CapAmb:").value_or(0);
  const auto user = field_of(*status, "Uid:");
  if (!effective || !user) return;
  // Real, effective, saved: a child that executes a program keeps root's capabilities by the
  // effective one.
  const std::string from_effective = user->substr(std::min(user->find('\t'), user->size() - 1) + 1);
  const bool is_root = from_effective.starts_with("0\t");
  const auto capability = [&](unsigned number) {
    const std::uint64_t bit = std::uint64_t{1} << number;
    return Capability{(*effective & bit) != 0,
                      (*effective & bit) != 0 && (is_root || (ambient & bit) != 0)};
  };
  facts.sys_nice = capability(CAP_SYS_NICE);
  facts.ipc_lock = capability(CAP_IPC_LOCK);
  facts.sys_admin = capability(CAP_SYS_ADMIN);
}

std::optional<std::uint64_t> kilobytes(const std::string& text, std::string_view key) {
  const auto field = field_of(text, key);
  if (!field) return std::nullopt;
  const auto value = number_of(field->substr(0, field->find(' ')));
  return value ? std::optional(static_cast<std::uint64_t>(*value) * 1024) : std::nullopt;
}

void read_memory(const std::string& root, MachineFacts& facts) {
  if (const auto memory = read_text(root + "/proc/meminfo")) {
    facts.memory_total = kilobytes(*memory, "MemTotal:");
    facts.memory_available = kilobytes(*memory, "MemAvailable:");
    facts.swap_total = kilobytes(*memory, "SwapTotal:");
  }
  struct statvfs shm {};
  if (::statvfs((root + "/dev/shm").c_str(), &shm) == 0) {
    facts.shm_free = std::uint64_t{shm.f_bavail} * shm.f_frsize;
  }
  facts.swappiness = read_number(root + "/proc/sys/vm/swappiness");
  if (const auto words = read_text(root + "/sys/kernel/mm/transparent_hugepage/enabled")) {
    facts.huge_pages = chosen_word(*words);
  }
}

bool has_battery(const std::string& root) {
  std::error_code problem;
  for (const auto& supply : fs::directory_iterator(root + "/sys/class/power_supply", problem)) {
    const std::string folder = supply.path().string();
    // A mouse has a battery too, of scope "Device".
    if (read_text(folder + "/type") == "Battery" && read_text(folder + "/scope") != "Device") {
      return true;
    }
  }
  return false;
}

void read_power(const std::string& root, MachineFacts& facts) {
  const auto states = read_text(root + "/sys/power/state");
  if (states && !states->empty()) facts.sleep_states = states;
  // SMBIOS: portable, laptop, notebook, sub-notebook, convertible, detachable.
  const auto chassis = read_number(root + "/sys/class/dmi/id/chassis_type").value_or(0);
  const bool portable =
      (chassis >= 8 && chassis <= 10) || chassis == 14 || chassis == 31 || chassis == 32;
  facts.laptop = portable || has_battery(root);
  std::error_code problem;
  facts.sleep_masked =
      fs::read_symlink(root + "/etc/systemd/system/sleep.target", problem) == "/dev/null" ||
      fs::read_symlink(root + "/etc/systemd/system/suspend.target", problem) == "/dev/null";
}

}  // namespace

FileRights read_file_rights(const std::string& program) {
  vfs_ns_cap_data data{};
  const ssize_t size = ::getxattr(program.c_str(), "security.capability", &data, sizeof data);
  if (size < static_cast<ssize_t>(XATTR_CAPS_SZ_1)) return {};
  // Without the effective bit the program would have to raise them itself; takt-node does not.
  if ((le32toh(data.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE) == 0) return {};
  const std::uint32_t permitted = le32toh(data.data[0].permitted);
  return {(permitted & CAP_TO_MASK(CAP_SYS_NICE)) != 0,
          (permitted & CAP_TO_MASK(CAP_IPC_LOCK)) != 0};
}

MachineFacts read_facts(const std::string& root) {
  MachineFacts facts;
  read_kernel(root, facts);
  read_cpus(root, facts);
  read_rights(root, facts);
  read_memory(root, facts);
  read_power(root, facts);
  facts.transport_version = port::transport_version();
  facts.broker = port::find_broker(root);
  return facts;
}

}  // namespace takt::doctor
