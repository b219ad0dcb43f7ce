// The measuring itself, on this machine: what is counted, never how long anything took.
#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include <takt/doctor/latency.hpp>
#include <takt/os/scheduling.hpp>

namespace takt::doctor {
namespace {

using namespace std::chrono_literals;

TEST(MeasureLatency, CountsEveryPointOfTheGridOnEveryCpu) {
  const std::vector<int> cpus = os::allowed_cpus();
  Demand demand = plain_demand(cpus);
  demand.priority = 1;

  const auto result = measure_latency(demand, {.duration = 300ms, .progress = {}});

  ASSERT_TRUE(result.ok()) << result.error().text();
  EXPECT_GE(result->measured, 300ms);
  EXPECT_FALSE(result->ended_early);
  EXPECT_EQ(result->period, 1ms);
  ASSERT_EQ(result->cpus.size(), cpus.size());
  for (const CpuLatency& cpu : result->cpus) {
    EXPECT_GT(cpu.wake_ns.count, 0U) << cpu.cpu;
    EXPECT_LE(cpu.min_ns, cpu.wake_ns.p50) << cpu.cpu;
    EXPECT_LE(cpu.wake_ns.p50, cpu.wake_ns.p99) << cpu.cpu;
    EXPECT_LE(cpu.wake_ns.p999, cpu.wake_ns.max) << cpu.cpu;
    EXPECT_GE(cpu.min_ns, 0) << "a sleep to an instant never ends before it";
  }
}

TEST(MeasureLatency, SaysWhetherTheClassWasGranted) {
  Demand demand = plain_demand({os::allowed_cpus().front()});
  demand.priority = 1;

  const auto result = measure_latency(demand, {.duration = 20ms, .progress = {}});

  ASSERT_TRUE(result.ok());
  EXPECT_NE(result->cpus.at(0).real_time, result->cpus.at(0).refused.has_value());
  if (::geteuid() == 0) {
    EXPECT_TRUE(result->cpus.at(0).real_time);
  }
}

TEST(MeasureLatency, EndsEarlyWithWhatItHasWhenASignalComes) {
  std::uint64_t seen = 0;
  LatencyOptions options{.duration = 1h, .progress = [&](const LatencyResult& so_far) {
                           seen = so_far.cpus.at(0).wake_ns.count;
                           ::kill(::getpid(), SIGINT);
                         }};

  const auto result = measure_latency(plain_demand({os::allowed_cpus().front()}), options);

  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->ended_early);
  EXPECT_GT(seen, 0U);
  EXPECT_GE(result->cpus.at(0).wake_ns.count, seen);
}

TEST(MeasureLatency, NeedsACpu) {
  const auto result = measure_latency(plain_demand({}), {.duration = 1s, .progress = {}});

  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("no CPU"), std::string::npos);
}

TEST(MeasureLatency, OnACpuThatIsNotThereMeasuresNothingAndSaysSo) {
  Demand demand = plain_demand({4095});

  const auto result = measure_latency(demand, {.duration = 20ms, .progress = {}});

  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result->cpus.at(0).real_time);
  EXPECT_TRUE(result->cpus.at(0).refused.has_value());
  EXPECT_EQ(result->cpus.at(0).wake_ns.count, 0U) << "what it would measure were another CPU's";
}

TEST(MeasureLatency, LooksForASignalTwiceASecondWhateverThePeriod) {
  Demand demand = plain_demand({os::allowed_cpus().front()});
  demand.period = 1h;

  const auto result = measure_latency(demand, {.duration = 1ms, .progress = {}});

  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->period, kMeasuringPeriodMax);
}

}  // namespace
}  // namespace takt::doctor
