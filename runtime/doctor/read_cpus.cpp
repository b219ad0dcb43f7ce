#include "runtime/doctor/read_cpus.hpp"

#include <cstring>
#include <filesystem>
#include <system_error>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

#include "runtime/doctor/text_files.hpp"

namespace takt::doctor {
namespace {

namespace fs = std::filesystem;

std::vector<IdleState> read_idle_states(const std::string& cpu_folder) {
  std::vector<IdleState> states;
  const std::string folder = cpu_folder + "/cpuidle";
  for (const int number : numbered_entries(folder, "state")) {
    const std::string state = format("{}/state{}", folder, number);
    states.push_back({read_text(state + "/name").value_or(format("state{}", number)),
                      read_number(state + "/latency").value_or(0),
                      read_number(state + "/disable").value_or(0) == 0});
  }
  return states;
}

// A folder in it stands for a device that uses the interrupt.
bool has_user(const fs::path& irq_folder) {
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(irq_folder, problem)) {
    if (entry.is_directory(problem)) return true;
  }
  return false;
}

void read_irqs(const std::string& root, MachineFacts& facts) {
  const std::string folder = root + "/proc/irq";
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) return;
  facts.irqs.emplace();
  for (const int irq : numbered_entries(folder, "")) {
    const std::string one = format("{}/{}", folder, irq);
    if (!has_user(one)) continue;
    // Where it really comes, when the kernel says so; else where it may.
    auto cpus = read_text(one + "/effective_affinity_list");
    if (!cpus || cpus->empty()) cpus = read_text(one + "/smp_affinity_list");
    if (cpus) facts.irqs->push_back({irq, cpu_list(*cpus)});
  }
}

bool process_runs(const std::string& root, std::string_view name) {
  for (const int pid : numbered_entries(root + "/proc", "")) {
    if (read_text(format("{}/proc/{}/comm", root, pid)) == name) return true;
  }
  return false;
}

// The file holds four bytes: the microseconds that the present holders ask for.
std::optional<std::int64_t> read_dma_latency(const std::string& root) {
  const auto bytes = os::read_file(root + "/dev/cpu_dma_latency");
  if (!bytes || bytes->size() < sizeof(std::int32_t)) return std::nullopt;
  std::int32_t latency_us = 0;
  std::memcpy(&latency_us, bytes->data(), sizeof latency_us);
  return latency_us;
}

}  // namespace

void read_cpus(const std::string& root, MachineFacts& facts) {
  const std::string folder = root + "/sys/devices/system/cpu";
  const auto list = [&](const char* file) {
    return cpu_list(read_text(folder + file).value_or(""));
  };
  if (const auto online = read_text(folder + "/online")) facts.online_cpus = cpu_list(*online);
  facts.isolated_cpus = list("/isolated");
  facts.tickless_cpus = list("/nohz_full");
  if (const auto smt = read_number(folder + "/smt/active")) facts.smt_active = *smt == 1;
  for (const int cpu : numbered_entries(folder, "cpu")) {
    const std::string one = format("{}/cpu{}", folder, cpu);
    facts.cpus.push_back(
        {cpu, read_text(one + "/cpufreq/scaling_governor"), read_idle_states(one)});
  }
  facts.dma_latency_us = read_dma_latency(root);
  facts.irqbalance = process_runs(root, "irqbalance");
  read_irqs(root, facts);
}

}  // namespace takt::doctor
