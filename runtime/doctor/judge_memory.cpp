// Shared memory, swap, huge pages; the transport; the board profile against the machine.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/port/broker.hpp>

#include "runtime/doctor/judge.hpp"
#include "runtime/doctor/text_files.hpp"

namespace takt::doctor {
namespace {

constexpr std::uint64_t kMib = std::uint64_t{1} << 20U;
constexpr const char* kTransportVersion = "2.0.3";

Finding shared_memory(const MachineFacts& facts, const Demand& demand) {
  const std::uint64_t needed = port::kManagementBytes + demand.pool_bytes;
  Finding finding{"memory.shared", Status::unknown, "/dev/shm cannot be looked at",
                  "all samples live in shared memory, made before the start; without room the "
                  "graph cannot be started",
                  ""};
  if (!facts.shm_free) return finding;
  // Pages of shared memory are memory: what is not there cannot be used, whatever the limit says.
  const std::uint64_t there =
      std::min(*facts.shm_free, facts.memory_available.value_or(*facts.shm_free));
  finding.value =
      format("{} free in /dev/shm, {} of memory available; {} needs {}", mebibytes(*facts.shm_free),
             facts.memory_available ? mebibytes(*facts.memory_available) : "?",
             demand.graph.empty() ? "an empty graph" : demand.graph, mebibytes(needed));
  finding.status = there < needed ? Status::fail : Status::ok;
  if (there < needed) {
    finding.fix = *facts.shm_free < needed
                      ? format("mount -o remount,size={}m /dev/shm", needed / kMib + 1)
                      : "end other programs, shorten queues, or take a board with more memory";
  }
  return finding;
}

Finding swap(const MachineFacts& facts) {
  Finding finding{"memory.swap", Status::unknown, "/proc/meminfo cannot be read",
                  "what is not locked (tools, services, file caches) is written out and read back, "
                  "and the disk's interrupts and locks are felt by all",
                  ""};
  if (!facts.swap_total) return finding;
  const bool on = *facts.swap_total > 0;
  finding.value = on ? mebibytes(*facts.swap_total) : "none";
  if (facts.swappiness) finding.value += format(", swappiness {}", *facts.swappiness);
  finding.status = on ? Status::warn : Status::ok;
  if (on) finding.fix = "swapoff -a, and take it out of /etc/fstab";
  return finding;
}

void judge_huge_pages(const MachineFacts& facts, Findings& found) {
  if (!facts.huge_pages) return;
  const bool always = *facts.huge_pages == "always";
  found.push_back({"memory.huge_pages", always ? Status::warn : Status::ok, *facts.huge_pages,
                   "with 'always' a kernel thread moves pages together while nodes use them, and "
                   "they wait",
                   always ? "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled" : ""});
}

}  // namespace

std::string mebibytes(std::uint64_t bytes) {
  return format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(kMib));
}

std::uint64_t locked_by_a_node(const Demand& demand) {
  constexpr std::uint64_t kOwnBytes = 32 * kMib;  // Program, libraries, heap, 8 MiB a stack.
  return port::kManagementBytes + demand.pool_bytes + kOwnBytes;
}

void judge_memory(const MachineFacts& facts, const Demand& demand, Findings& found) {
  found.push_back(shared_memory(facts, demand));
  found.push_back(swap(facts));
  judge_huge_pages(facts, found);
}

void judge_transport(const MachineFacts& facts, const Demand&, Findings& found) {
  const bool right = facts.transport_version == kTransportVersion;
  found.push_back({"transport.version", right ? Status::ok : Status::fail,
                   format("iceoryx {}", facts.transport_version.empty() ? "of unknown version"
                                                                        : facts.transport_version),
                   "takt leans on internals of iceoryx 2.0.3: another library behind it is "
                   "undefined behaviour",
                   right ? "" : "apt install libiceoryx-posh2 libiceoryx-hoofs2 (2.0.3)"});
  // With the right to mount namespaces every instance has names of its own.
  const bool own_names = facts.sys_admin && facts.sys_admin->effective;
  Finding broker{
      "transport.broker", Status::ok, "no other broker",
      "iceoryx has one set of names a machine: beside another RouDi the default instance "
      "of an ordinary user cannot start",
      ""};
  if (facts.broker != port::FoundBroker::none) {
    broker.value = facts.broker == port::FoundBroker::running
                       ? "a RouDi runs (another program's, or a default instance of takt)"
                       : "another user's RouDi lock is there";
    broker.status = own_names ? Status::ok : Status::fail;
    if (own_names) broker.value += "; instances started here have names of their own";
    if (!own_names) broker.fix = "takt run --instance NAME, or stop the other one";
  }
  found.push_back(std::move(broker));
}

void judge_board(const MachineFacts& facts, const Demand& demand, Findings& found) {
  if (!demand.board) return;
  const BoardProfile& board = *demand.board;
  const auto add = [&](const char* id, bool good, Status otherwise, std::string value,
                       std::string why, std::string fix) {
    found.push_back({id, good ? Status::ok : otherwise, std::move(value), std::move(why),
                     good ? "" : std::move(fix)});
  };
  add("board.arch", board.arch == facts.arch, Status::fail,
      format("{}; profile '{}' says {}", facts.arch, board.name, board.arch),
      "the profile describes another machine", "name the profile of this machine with --board");
  if (facts.online_cpus) {
    const auto count = static_cast<int>(facts.online_cpus->size());
    add("board.cpus", count >= board.cpu_count, Status::fail,
        format("{} online; the profile says {}", count, board.cpu_count),
        "nodes are placed on CPUs that are not there", "correct 'cpus: count' in the profile");
  }
  const bool isolated = std::includes(facts.isolated_cpus.begin(), facts.isolated_cpus.end(),
                                      board.isolated.begin(), board.isolated.end());
  add("board.isolated", isolated, lacking(demand),
      format("isolated: {}; the profile says {}", as_ranges(facts.isolated_cpus),
             as_ranges(board.isolated)),
      "'cpu: auto' puts nodes on CPUs that the profile calls isolated",
      format("kernel command line: isolcpus={0} nohz_full={0} rcu_nocbs={0}",
             as_ranges(board.isolated)));
  if (board.memory_mib && facts.memory_total) {
    // The kernel keeps some of the memory for itself: a tenth is left out of the comparison.
    add("board.memory", *facts.memory_total >= *board.memory_mib * kMib / 10 * 9, Status::warn,
        format("{}; the profile says {} MiB", mebibytes(*facts.memory_total), *board.memory_mib),
        "graphs that 'check --board' lets pass may not fit", "correct 'memory_mib' in the profile");
  }
}

}  // namespace takt::doctor
