// Figures against periods, deadlines and a profile: no clock is read here.
#include <gtest/gtest.h>

#include <takt/doctor/latency.hpp>

#include "tests/unit/doctor/machines.hpp"

namespace takt::doctor {
namespace {

using namespace std::chrono_literals;
using test::finding_of;

CpuLatency cpu_with(int cpu, std::int64_t p99_ns, std::int64_t max_ns) {
  CpuLatency latency;
  latency.cpu = cpu;
  latency.wake_ns = {.p50 = p99_ns / 2, .p99 = p99_ns, .p999 = max_ns, .max = max_ns, .count = 9};
  latency.real_time = true;
  return latency;
}

Demand one_node(std::optional<std::chrono::nanoseconds> deadline, bool required = true) {
  Demand demand = plain_demand({0, 1});
  demand.real_time_required = required;
  demand.nodes.push_back({"pid", {1}, 1ms, deadline});
  return demand;
}

Status of_pid(std::int64_t p99_ns, std::int64_t max_ns, const Demand& demand) {
  LatencyResult result;
  result.cpus = {cpu_with(0, 900'000'000, 900'000'000), cpu_with(1, p99_ns, max_ns)};
  return finding_of(judge_latency(result, demand), "latency.pid").status;
}

TEST(JudgeLatency, MeasuresANodeByItsOwnCpu) {
  EXPECT_EQ(of_pid(20'000, 90'000, one_node({})), Status::ok) << "CPU 0 is another one's";
}

TEST(JudgeLatency, TakesTheDeadlineBeforeThePeriod) {
  EXPECT_EQ(of_pid(20'000, 500'000, one_node({})), Status::ok);
  EXPECT_EQ(of_pid(20'000, 500'000, one_node(500us)), Status::fail);
}

TEST(JudgeLatency, WarnsWhenLessThanHalfIsLeftForTheStep) {
  EXPECT_EQ(of_pid(20'000, 250'000, one_node(500us)), Status::ok);
  EXPECT_EQ(of_pid(20'000, 250'001, one_node(500us)), Status::warn);
}

TEST(JudgeLatency, OneLateWakeUpFailsUnderRequiredAndWarnsForBestEffort) {
  EXPECT_EQ(of_pid(499'999, 500'000, one_node(500us, true)), Status::fail);
  EXPECT_EQ(of_pid(499'999, 500'000, one_node(500us, false)), Status::warn);
}

TEST(JudgeLatency, OneLateOfAHundredFailsAlways) {
  EXPECT_EQ(of_pid(500'000, 500'000, one_node(500us, false)), Status::fail);
}

TEST(JudgeLatency, NamesTheFiguresAndTheNodeThatWouldMiss) {
  LatencyResult result;
  result.cpus = {cpu_with(1, 20'000, 700'000)};

  const auto findings = judge_latency(result, one_node(500us));

  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].value,
            "p99 20.0 us, max 700.0 us; its deadline is 500.0 us: would have missed it");
}

TEST(JudgeLatency, ACpuThatWasNotMeasuredIsUnknown) {
  LatencyResult result;
  result.cpus = {cpu_with(0, 1000, 1000)};

  EXPECT_EQ(finding_of(judge_latency(result, one_node(500us)), "latency.pid").status,
            Status::unknown);
}

TEST(JudgeLatency, WithoutAGraphEveryCpuIsJudgedByThePeriod) {
  LatencyResult result;
  result.cpus = {cpu_with(0, 20'000, 30'000), cpu_with(1, 20'000, 1'000'000)};

  const auto findings = judge_latency(result, plain_demand({0, 1}));

  EXPECT_EQ(finding_of(findings, "latency.cpu0").status, Status::ok);
  EXPECT_EQ(finding_of(findings, "latency.cpu1").status, Status::fail);
}

TEST(JudgeLatency, AClassThatWasRefusedIsToldBesideTheFigures) {
  LatencyResult result;
  result.cpus = {cpu_with(0, 20'000, 30'000)};
  result.cpus[0].refused = fail("no right", "give it");
  Demand demand = plain_demand({0});

  EXPECT_EQ(finding_of(judge_latency(result, demand), "latency.cpu0.class").status, Status::fail);
  demand.real_time_required = false;
  const auto findings = judge_latency(result, demand);
  EXPECT_EQ(finding_of(findings, "latency.cpu0.class").status, Status::warn);
  EXPECT_EQ(finding_of(findings, "latency.cpu0.class").fix, "give it");
}

TEST(JudgeLatency, ABoardThatIsLaterThanItsProfileIsAWarning) {
  LatencyResult result;
  result.cpus = {cpu_with(0, 20'000, 60'000)};
  Demand demand = plain_demand({0});
  demand.board.emplace();
  demand.board->wake_latency = WakeLatency{20us, 60us};
  EXPECT_EQ(finding_of(judge_latency(result, demand), "board.wake_latency").status, Status::ok);

  demand.board->wake_latency->p99 = 19us;
  EXPECT_EQ(finding_of(judge_latency(result, demand), "board.wake_latency").status, Status::warn);
  demand.board->wake_latency = WakeLatency{{}, 59us};
  EXPECT_EQ(finding_of(judge_latency(result, demand), "board.wake_latency").status, Status::warn);
}

}  // namespace
}  // namespace takt::doctor
