// The measuring threads, and the wait for the time, a signal and the progress of every second.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

#include <pthread.h>
#include <sys/mman.h>

#include <takt/base/text.hpp>
#include <takt/doctor/latency.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/process.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/os/signals.hpp>
#include <takt/time/clock.hpp>

namespace takt::doctor {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kStackBytes = std::size_t{64} << 10U;  // Touched before the first wake-up.

// What a measuring thread writes and the main thread reads.
struct Probe {
  int cpu = 0;
  Histogram wake;
  std::atomic<std::int64_t> min_ns{0};
  std::atomic<std::uint64_t> skipped{0};
  // Written before `ready`.
  bool real_time = false;
  std::optional<Error> refused;
  std::atomic<bool> ready{false};
};

// Gives the calling thread the class and binds it to the probe's CPU; read back. In this order: on
// a CPU that is full of real-time work an ordinary thread might not come to the second step. False
// when it is not on that CPU: what it would measure were another one's.
bool take_place(Probe& probe, int priority) {
  auto classed = os::set_policy(0, os::SchedulingClass::fifo, priority);
  if (!classed) probe.refused = classed.error();
  if (auto bound = os::set_affinity(0, {probe.cpu}); !bound) {
    probe.refused = bound.error();
    return false;
  }
  if (!classed) return true;
  const auto held = os::read_schedule(0);
  probe.real_time = held && held->policy == os::SchedulingClass::fifo &&
                    held->priority == priority && held->cpus == std::vector<int>{probe.cpu};
  if (!probe.real_time) probe.refused = fail("the kernel accepted class fifo and did not give it");
  return true;
}

// At least one wake-up, however late it is told to stop.
void measure(Probe& probe, nanoseconds period, const std::atomic<bool>& stop) {
  MonotonicClock clock;
  nanoseconds next = clock.now() + period;
  bool first = true;
  do {
    clock.wait_until(next);
    const nanoseconds now = clock.now();
    const std::int64_t late = (now - next).count();
    probe.wake.add(late);
    if (first || late < probe.min_ns.load(std::memory_order_relaxed)) {
      probe.min_ns.store(late, std::memory_order_relaxed);
    }
    first = false;
    next += period;
    if (next > now) continue;
    // As a node does: the phase is kept, what has passed is left out.
    const std::int64_t passed = (now - next) / period + 1;
    next += period * passed;
    probe.skipped.fetch_add(static_cast<std::uint64_t>(passed), std::memory_order_relaxed);
  } while (!stop.load(std::memory_order_relaxed));
}

CpuLatency result_of(const Probe& probe) {
  CpuLatency result;
  result.cpu = probe.cpu;
  result.wake_ns = probe.wake.percentiles();
  result.min_ns = probe.min_ns.load(std::memory_order_relaxed);
  result.skipped = probe.skipped.load(std::memory_order_relaxed);
  // False as long as the thread has not come to its place.
  if (probe.ready.load(std::memory_order_acquire)) {
    result.real_time = probe.real_time;
    result.refused = probe.refused;
  }
  return result;
}

// Unblocks again what the measuring blocked.
class SignalMask {
 public:
  SignalMask() { ::pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
  ~SignalMask() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalMask(const SignalMask&) = delete;
  SignalMask& operator=(const SignalMask&) = delete;

 private:
  sigset_t before_{};
};

class Measurement {
 public:
  Measurement(const Demand& demand, LatencyResult& result) : result_(result) {
    result.period = std::min(demand.period, kMeasuringPeriodMax);
    result.priority = demand.priority;
    for (const int cpu : demand.cpus) {
      probes_.push_back(std::make_unique<Probe>());
      probes_.back()->cpu = cpu;
    }
    for (const auto& probe : probes_) {
      threads_.emplace_back([this, &probe = *probe] {
        const bool in_place = take_place(probe, result_.priority);
        os::prefault_stack(kStackBytes);
        probe.ready.store(true, std::memory_order_release);
        if (in_place) measure(probe, result_.period, stop_);
      });
    }
  }
  ~Measurement() { finish(); }
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  bool all_in_place() const {
    return std::all_of(probes_.begin(), probes_.end(), [](const auto& probe) {
      return probe->ready.load(std::memory_order_acquire);
    });
  }

  void finish() {
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  void collect(nanoseconds measured) {
    result_.measured = measured;
    result_.cpus.clear();
    for (const auto& probe : probes_) result_.cpus.push_back(result_of(*probe));
  }

 private:
  LatencyResult& result_;
  std::atomic<bool> stop_{false};
  std::vector<std::unique_ptr<Probe>> probes_;
  std::vector<std::thread> threads_;
};

std::chrono::milliseconds rounded_up(nanoseconds time) {
  return std::chrono::ceil<std::chrono::milliseconds>(time);
}

}  // namespace

Result<LatencyResult> measure_latency(const Demand& demand, const LatencyOptions& options) {
  if (demand.cpus.empty()) {
    return fail("there is no CPU to measure on: the graph has no node of a real-time class",
                "measure without --graph");
  }
  const SignalMask mask;
  auto signals = os::signal_fd({SIGINT, SIGTERM});
  if (!signals) return signals.error();
  LatencyResult result;
  if (auto locked = os::lock_memory(); !locked) result.lock_refused = locked.error();
  result.memory_locked = !result.lock_refused && os::memory_is_locked();

  MonotonicClock clock;
  Measurement measurement(demand, result);
  // The time counts from when every thread is in its place: on a loaded machine that takes a while.
  while (!measurement.all_in_place() && !result.ended_early) {
    result.ended_early = os::wait_readable(signals->get(), std::chrono::milliseconds(1));
  }
  const nanoseconds start = clock.now();
  nanoseconds now = start;
  while (now - start < options.duration && !result.ended_early) {
    const nanoseconds left = options.duration - (now - start);
    const auto wait = std::min(rounded_up(left), std::chrono::milliseconds(1000));
    result.ended_early = os::wait_readable(signals->get(), wait);
    now = clock.now();
    measurement.collect(now - start);
    if (options.progress) options.progress(result);
  }
  if (result.ended_early) os::read_signal(signals->get());
  measurement.finish();
  measurement.collect(now - start);
  ::munlockall();
  return result;
}

}  // namespace takt::doctor
