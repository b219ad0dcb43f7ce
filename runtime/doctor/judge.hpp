// The judgement of facts against a demand: pure functions, one a subject, each appending findings.
#pragma once

#include <string>
#include <vector>

#include "runtime/doctor/facts.hpp"

namespace takt::doctor {

using Findings = std::vector<Finding>;

void judge_kernel(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_clock_and_power(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_cpus(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_idle_states(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_rights(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_memory(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_transport(const MachineFacts& facts, const Demand& demand, Findings& found);
void judge_board(const MachineFacts& facts, const Demand& demand, Findings& found);

// All of them, in the order in which they are shown.
Findings judge(const MachineFacts& facts, const Demand& demand);

// What is missing for a start under `real_time: required` fails it; else it is a warning.
inline Status lacking(const Demand& demand) {
  return demand.real_time_required ? Status::fail : Status::warn;
}

std::string mebibytes(std::uint64_t bytes);

// Memory that one node's process locks: the transport, the graph's pools, its program and stacks.
std::uint64_t locked_by_a_node(const Demand& demand);

}  // namespace takt::doctor
