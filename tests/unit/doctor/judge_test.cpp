// The judgement of facts that no made-up machine above has.
#include <gtest/gtest.h>

#include "tests/unit/doctor/machines.hpp"

namespace takt::doctor {
namespace {

using test::finding_of;
using namespace std::chrono_literals;

Demand on_cpu_zero() { return plain_demand({0}); }

Status status_of(const MachineFacts& facts, const Demand& demand, const std::string& id) {
  return finding_of(judge(facts, demand), id).status;
}

TEST(Judge, ACapabilityThatChildrenDoNotGetIsNoRight) {
  MachineFacts facts;
  facts.rtprio_limit = 0;
  facts.sys_nice = Capability{.effective = true, .inherited = false};
  EXPECT_EQ(status_of(facts, on_cpu_zero(), "rights.real_time"), Status::fail);

  facts.sys_nice->inherited = true;
  EXPECT_EQ(status_of(facts, on_cpu_zero(), "rights.real_time"), Status::ok);
}

TEST(Judge, ACapabilityOfTheNodeProgramsFileIsARight) {
  MachineFacts facts;
  facts.rtprio_limit = 0;
  facts.memlock_limit = 0;
  facts.trials = Trials{fail("refused"), fail("refused"), 0};
  facts.node_program.sys_nice = true;

  const auto findings = judge(facts, on_cpu_zero());

  EXPECT_EQ(finding_of(findings, "rights.real_time").status, Status::ok);
  EXPECT_EQ(finding_of(findings, "try.real_time").status, Status::ok);
  EXPECT_EQ(finding_of(findings, "rights.memory_lock").status, Status::fail);
  EXPECT_EQ(finding_of(findings, "try.memory_lock").status, Status::fail);
}

TEST(Judge, TheLimitMustReachTheGraphsHighestPriority) {
  MachineFacts facts;
  facts.rtprio_limit = 80;
  Demand demand = on_cpu_zero();
  demand.priority = 80;
  EXPECT_EQ(status_of(facts, demand, "rights.real_time"), Status::ok);

  demand.priority = 81;
  EXPECT_EQ(status_of(facts, demand, "rights.real_time"), Status::fail);
}

TEST(Judge, TheLimitOfLockedMemoryCountsTheGraphsPools) {
  MachineFacts facts;
  facts.memlock_limit = std::uint64_t{128} << 20U;
  Demand demand = on_cpu_zero();
  EXPECT_EQ(status_of(facts, demand, "rights.memory_lock"), Status::ok);

  demand.pool_bytes = std::uint64_t{64} << 20U;
  EXPECT_EQ(status_of(facts, demand, "rights.memory_lock"), Status::fail);
}

TEST(Judge, SharedMemoryThatIsTooSmallFailsBestEffortToo) {
  MachineFacts facts;
  facts.shm_free = std::uint64_t{64} << 20U;
  Demand demand = on_cpu_zero();
  demand.real_time_required = false;
  EXPECT_EQ(status_of(facts, demand, "memory.shared"), Status::ok);

  demand.pool_bytes = std::uint64_t{8} << 20U;
  EXPECT_EQ(status_of(facts, demand, "memory.shared"), Status::fail);
  EXPECT_EQ(finding_of(judge(facts, demand), "memory.shared").fix,
            "mount -o remount,size=71m /dev/shm");
}

TEST(Judge, SharedMemoryIsNoMoreThanTheMemoryThatIsThere) {
  MachineFacts facts;
  facts.shm_free = std::uint64_t{1} << 30U;
  facts.memory_available = std::uint64_t{32} << 20U;

  EXPECT_EQ(status_of(facts, on_cpu_zero(), "memory.shared"), Status::fail);
}

TEST(Judge, WhatWasRefusedWhenTriedFailsWithItsOwnFix) {
  MachineFacts facts;
  facts.trials = Trials{{}, fail("cannot lock", "raise it"), 0};

  const auto findings = judge(facts, on_cpu_zero());

  EXPECT_EQ(finding_of(findings, "try.memory_lock").status, Status::fail);
  EXPECT_EQ(finding_of(findings, "try.memory_lock").value, "cannot lock");
  EXPECT_EQ(finding_of(findings, "try.memory_lock").fix, "raise it");
  EXPECT_EQ(finding_of(findings, "try.real_time").status, Status::ok);
}

TEST(Judge, AShareOfRealTimeBelowTheUsualIsAWarningAndNoneAFailure) {
  MachineFacts facts;
  facts.rt_period_us = 1'000'000;
  const auto with = [&](std::int64_t runtime) {
    facts.rt_runtime_us = runtime;
    return status_of(facts, on_cpu_zero(), "kernel.rt_runtime");
  };

  EXPECT_EQ(with(-1), Status::ok);
  EXPECT_EQ(with(950'000), Status::ok);
  EXPECT_EQ(with(949'999), Status::warn);
  EXPECT_EQ(with(0), Status::fail);
}

TEST(Judge, TheSlowestIdleStateIsMeasuredByTheTightestDeadline) {
  MachineFacts facts;
  facts.cpus = {{0, {}, {{"C1", 2, true}, {"C6", 60, true}, {"C10", 900, false}}},
                {1, {}, {{"C10", 900, true}}}};
  Demand demand = on_cpu_zero();
  EXPECT_EQ(status_of(facts, demand, "cpu.idle"), Status::ok) << "60 us of 1 ms; C10 is off";

  demand.nodes.push_back({"fast", {0}, 1ms, 500us});
  EXPECT_EQ(status_of(facts, demand, "cpu.idle"), Status::warn) << "60 us of 500 us";
}

TEST(Judge, AKernelThatIsNotPreemptibleFailsUnderRequiredAlone) {
  const test::Machine machine;
  machine.write("proc/sys/kernel/version", "#1 SMP Debian 6.1.76-1\n");
  const MachineFacts facts = read_facts(machine.root());
  Demand demand = on_cpu_zero();
  EXPECT_EQ(status_of(facts, demand, "kernel.preemption"), Status::fail);

  demand.real_time_required = false;
  EXPECT_EQ(status_of(facts, demand, "kernel.preemption"), Status::warn);
}

TEST(Judge, TheBoardProfileIsComparedWithTheMachine) {
  const MachineFacts facts = read_facts(test::ready_board().root());
  Demand demand = plain_demand({2, 3});
  demand.board.emplace();
  demand.board->name = "pi";
  demand.board->arch = "aarch64";
  demand.board->cpu_count = 4;
  demand.board->isolated = {2, 3};
  demand.board->memory_mib = 4096;
  for (const char* id : {"board.arch", "board.cpus", "board.isolated", "board.memory"}) {
    EXPECT_EQ(status_of(facts, demand, id), Status::ok) << id;
  }

  demand.board->arch = "x86_64";
  demand.board->cpu_count = 5;
  demand.board->isolated = {1, 2, 3};
  demand.board->memory_mib = 8192;

  EXPECT_EQ(status_of(facts, demand, "board.arch"), Status::fail);
  EXPECT_EQ(status_of(facts, demand, "board.cpus"), Status::fail);
  EXPECT_EQ(status_of(facts, demand, "board.isolated"), Status::fail);
  EXPECT_EQ(status_of(facts, demand, "board.memory"), Status::warn);
}

TEST(Demand, TakesTheHighestPriorityTheSmallestPeriodAndTheCpusOfRealTimeNodes) {
  GraphSpec graph;
  graph.name = "arm";
  graph.real_time = RealTimeMode::best_effort;
  const auto add = [&](const char* name, Policy policy, int priority, int cpu,
                       std::chrono::nanoseconds period, std::chrono::nanoseconds deadline) {
    NodeConfig node;
    node.name = name;
    node.real_time.policy = policy;
    node.real_time.priority = priority;
    node.real_time.cpus = {cpu};
    node.period = period;
    node.deadline = deadline;
    graph.nodes.push_back(node);
  };
  add("slow", Policy::fifo, 40, 3, 10ms, 0ns);
  add("fast", Policy::round_robin, 60, 2, 2ms, 1ms);
  add("idle", Policy::other, 99, 0, 1us, 0ns);

  const Demand demand = demand_of(graph, 123);

  EXPECT_EQ(demand.graph, "arm");
  EXPECT_FALSE(demand.real_time_required);
  EXPECT_EQ(demand.priority, 60);
  EXPECT_EQ(demand.cpus, (std::vector<int>{2, 3}));
  EXPECT_EQ(demand.period, 2ms);
  EXPECT_EQ(demand.tightest(), 1ms);
  EXPECT_EQ(demand.pool_bytes, 123U);
  ASSERT_EQ(demand.nodes.size(), 2U);
  EXPECT_FALSE(demand.nodes[0].deadline.has_value());
}

}  // namespace
}  // namespace takt::doctor
