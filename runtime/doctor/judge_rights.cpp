// The right to real-time classes and to locked memory: what limits and capabilities say, and what
// happened when it was tried.
#include <takt/base/text.hpp>

#include "runtime/doctor/judge.hpp"

namespace takt::doctor {
namespace {

constexpr const char* kByFile = "; takt-node holds it by its file";

std::string capability_text(const char* name, const std::optional<Capability>& capability) {
  if (!capability) return format("{} unknown", name);
  if (capability->inherited) return format("{} held", name);
  return format(
      "{} {}", name,
      capability->effective ? "held by this program only, not by what it starts" : "not held");
}

bool inherited(const std::optional<Capability>& capability) {
  return capability && capability->inherited;
}

Finding real_time_right(const MachineFacts& facts, const Demand& demand) {
  Finding finding{"rights.real_time", Status::unknown, "the limits cannot be read",
                  "without the right to a real-time class a node waits behind every other process; "
                  "under 'real_time: required' the start is refused",
                  ""};
  if (!facts.rtprio_limit && !facts.sys_nice) return finding;
  const std::uint64_t limit = facts.rtprio_limit.value_or(0);
  finding.value = format("RLIMIT_RTPRIO {}, {}; the highest priority is {}",
                         limit == kUnlimited ? "unlimited" : format("{}", limit),
                         capability_text("CAP_SYS_NICE", facts.sys_nice), demand.priority);
  const bool enough = limit >= static_cast<std::uint64_t>(demand.priority) ||
                      inherited(facts.sys_nice) || facts.node_program.sys_nice;
  if (facts.node_program.sys_nice) finding.value += kByFile;
  finding.status = enough ? Status::ok : lacking(demand);
  if (!enough) {
    finding.fix =
        "a line `USER - rtprio 98` in /etc/security/limits.d/takt.conf and log in again; in a "
        "systemd unit `LimitRTPRIO=98`";
  }
  return finding;
}

Finding memory_right(const MachineFacts& facts, const Demand& demand) {
  const std::uint64_t needed = locked_by_a_node(demand);
  Finding finding{"rights.memory_lock", Status::unknown, "the limits cannot be read",
                  "memory that is not locked can be taken away; the page fault that brings it back "
                  "breaks deadlines",
                  ""};
  if (!facts.memlock_limit && !facts.ipc_lock) return finding;
  const std::uint64_t limit = facts.memlock_limit.value_or(0);
  finding.value = format("RLIMIT_MEMLOCK {}, {}; a node locks about {}",
                         limit == kUnlimited ? "unlimited" : mebibytes(limit),
                         capability_text("CAP_IPC_LOCK", facts.ipc_lock), mebibytes(needed));
  const bool enough = limit >= needed || inherited(facts.ipc_lock) || facts.node_program.ipc_lock;
  if (facts.node_program.ipc_lock) finding.value += kByFile;
  finding.status = enough ? Status::ok : lacking(demand);
  if (!enough) {
    finding.fix =
        "a line `USER - memlock unlimited` in /etc/security/limits.d/takt.conf and log in again; "
        "in a systemd unit `LimitMEMLOCK=infinity`";
  }
  return finding;
}

// `by_file`: takt-node has a right that this program was refused.
Finding tried(const char* id, const std::optional<Error>& refusal, bool by_file, std::string worked,
              std::string why, const Demand& demand) {
  if (!refusal) return {id, Status::ok, std::move(worked), std::move(why), ""};
  if (by_file) {
    return {id, Status::ok, format("refused to this program{}", kByFile), std::move(why), ""};
  }
  return {id, lacking(demand), refusal->message, std::move(why), refusal->fix};
}

}  // namespace

void judge_rights(const MachineFacts& facts, const Demand& demand, Findings& found) {
  found.push_back(real_time_right(facts, demand));
  found.push_back(memory_right(facts, demand));
  if (!facts.trials) return;
  found.push_back(tried("try.real_time", facts.trials->real_time_class, facts.node_program.sys_nice,
                        format("class fifo priority {} taken and read back", demand.priority),
                        "limits and capabilities promise it, containers and cgroups can still "
                        "refuse it: so it was tried",
                        demand));
  found.push_back(tried("try.memory_lock", facts.trials->memory_lock, facts.node_program.ipc_lock,
                        format("{} locked and let go", mebibytes(facts.trials->locked_bytes)),
                        "as much as one node of the graph locks was locked", demand));
}

}  // namespace takt::doctor
