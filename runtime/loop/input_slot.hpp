// One connected input of a running node: what is taken, counted and judged.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/node/access.hpp>
#include <takt/port/port.hpp>
#include <takt/status/pages.hpp>

namespace takt::loop {

// Absolute times are nanoseconds of CLOCK_MONOTONIC.
using Stamp = std::int64_t;

// Thread safety: the loop thread. Real time: as marked. Lifetime: its loop's.
class InputSlot {
 public:
  struct Wiring {
    InputCounters* counters = nullptr;
    std::atomic<std::uint64_t>* consumed = nullptr;  // Credits given back; null: none.
    std::atomic<std::uint64_t>* non_finite = nullptr;
  };

  InputSlot(InputBase& input, const InputConfig& config, std::unique_ptr<port::Reader> reader,
            Wiring wiring, bool refuse_non_finite);

  // Fixes the instant from which freshness counts and shows the initial value. `joins_late`: the
  // graph runs already, what was sent before is not lost.
  void start(Stamp from, bool joins_late) noexcept;

  // `latest`: drains the queue to its newest. `queue`: takes the next one, unless the one before
  // has not been seen by a step yet. Returns true when a sample is new.
  bool collect() noexcept TAKT_RT;

  // The sample on show counts as seen; a queue may go on.
  void consume() noexcept TAKT_RT;

  // Passes over the sample on show: it releases no step.
  void pass_over() noexcept TAKT_RT { is_new_ = false; }

  enum class Verdict { fresh, stale, missing };
  // Judges by the stamps alone and shows the result to the node. `record` adds to the histograms.
  Verdict judge(Stamp now, bool record) noexcept TAKT_RT;

  // Older than its limits at `now`; before the first sample it ages from grid point 0.
  bool too_old(Stamp now) const noexcept TAKT_RT;
  // The last instant at which it is not too old; a far future without a limit.
  Stamp expiry() const noexcept TAKT_RT;
  // The shortest of its limits, 0 when it has none.
  Stamp limit() const noexcept TAKT_RT;

  bool is_new() const noexcept TAKT_RT { return is_new_; }
  bool gives_credit() const noexcept TAKT_RT { return wiring_.consumed != nullptr; }
  bool took_credit() noexcept TAKT_RT { return std::exchange(owes_ring_, false); }
  const SampleHeader& header() const noexcept TAKT_RT { return header_; }
  const InputConfig& config() const noexcept { return config_; }
  bool has_sample() const noexcept TAKT_RT { return has_sample_; }

 private:
  bool take_one() noexcept TAKT_RT;
  void account(const SampleHeader& header) noexcept TAKT_RT;

  InputBase& input_;
  InputConfig config_;
  std::unique_ptr<port::Reader> reader_;
  Wiring wiring_;
  std::vector<FloatRun> refused_runs_;  // Empty: any bits are taken.
  SampleHeader header_;
  Stamp counts_from_ = 0;
  std::uint64_t expected_sequence_ = 0;
  std::uint64_t incarnation_ = 0;
  bool joins_late_ = false;
  bool has_sample_ = false;
  bool is_new_ = false;
  bool owes_ring_ = false;
};

}  // namespace takt::loop
