// How late this machine wakes a real-time thread: measured on each CPU, judged against the graph.
//
// Each CPU has one thread that sleeps to an absolute instant as a periodic node does, at the
// graph's highest priority and smallest period. What it does not show: a node's own work, and that
// of nodes above it.
//
// Thread safety: one thread at a time; it blocks SIGINT and SIGTERM in its caller while it
// measures. Real time: the measuring threads are. Lifetime: results are plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/doctor/doctor.hpp>
#include <takt/status/histogram.hpp>

namespace takt::doctor {

struct CpuLatency {
  int cpu = 0;
  Percentiles wake_ns;
  std::int64_t min_ns = 0;    // Of no wake-up: 0.
  std::uint64_t skipped = 0;  // Grid points that passed during a late wake-up.
  bool real_time = false;     // Class and CPU were granted and read back.
  std::optional<Error> refused;
};

struct LatencyResult {
  std::vector<CpuLatency> cpus;
  std::chrono::nanoseconds period{0};
  int priority = 0;
  std::chrono::nanoseconds measured{0};
  bool ended_early = false;  // By SIGINT or SIGTERM.
  bool memory_locked = false;
  std::optional<Error> lock_refused;
};

struct LatencyOptions {
  std::chrono::nanoseconds duration = std::chrono::seconds(60);
  // About once a second: how long it has measured, and what it has so far.
  std::function<void(const LatencyResult&)> progress;
};

// A period above this is measured at it, so that an interrupt of the user is noticed.
inline constexpr std::chrono::nanoseconds kMeasuringPeriodMax = std::chrono::milliseconds(500);

// Errors: no CPU to measure on, no signals to listen to.
Result<LatencyResult> measure_latency(const Demand& demand, const LatencyOptions& options);

// Pure: one finding a CPU that could not be measured as asked, one a node ("latency.NODE"), or one
// a CPU when the demand has no nodes; one for the board's `wake_latency`.
//
// A node's limit is its deadline, else its period. It fails when one wake-up in a hundred takes
// that long; when only the latest did, it would miss now and then: a failure under `required`, else
// a warning. More than half of the limit is a warning: the step needs time too.
std::vector<Finding> judge_latency(const LatencyResult& result, const Demand& demand);

}  // namespace takt::doctor
