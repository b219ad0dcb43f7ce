// One topic that an input reads: what has come of it, and how old it is.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/port/port.hpp>
#include <takt/status/pages.hpp>

namespace takt::loop {

// Absolute times are nanoseconds of CLOCK_MONOTONIC.
using Stamp = std::int64_t;

// Where an input counts, the same for all of its topics.
struct InputWiring {
  InputCounters* counters = nullptr;
  std::atomic<std::uint64_t>* consumed = nullptr;  // Credits given back; null: none.
  std::atomic<std::uint64_t>* non_finite = nullptr;
};

// Thread safety: the loop thread. Real time: as marked. Lifetime: its slot's, whose configuration
// and wiring it refers to.
class InputSource {
 public:
  InputSource(const InputConfig& config, const InputWiring& wiring,
              std::unique_ptr<port::Reader> reader)
      : config_(config), wiring_(wiring), reader_(std::move(reader)) {}

  void start(Stamp from, bool joins_late) noexcept {
    counts_from_ = from;
    joins_late_ = joins_late;
  }

  // Takes the next sample of the queue that has no refused number; false when there is none.
  bool take(const std::vector<FloatRun>& refused) noexcept TAKT_RT;

  // Older than its limits at `now`; before the first sample it ages from grid point 0.
  bool too_old(Stamp now) const noexcept TAKT_RT;
  // The last instant at which it is not too old; a far future without a limit.
  Stamp expiry() const noexcept TAKT_RT;
  bool is_fresh(Stamp now) const noexcept TAKT_RT { return has_sample_ && !too_old(now); }
  // Its stamps are fresh at `now` and have been for so long, without a gap.
  bool is_steady(Stamp now, Stamp time) const noexcept TAKT_RT {
    return is_fresh(now) && now - steady_from_ >= time;
  }
  Stamp age(Stamp now) const noexcept TAKT_RT {
    return now - (has_sample_ ? header_.publish_ns : counts_from_);
  }

  bool has_sample() const noexcept TAKT_RT { return has_sample_; }
  const void* data() const noexcept TAKT_RT { return data_; }
  const SampleHeader& header() const noexcept TAKT_RT { return header_; }
  // No step has seen its newest sample.
  bool is_new() const noexcept TAKT_RT { return is_new_; }
  void mark_seen() noexcept TAKT_RT { is_new_ = false; }
  bool took_credit() noexcept TAKT_RT { return std::exchange(owes_ring_, false); }

 private:
  void account(const SampleHeader& header) noexcept TAKT_RT;

  const InputConfig& config_;
  const InputWiring& wiring_;
  std::unique_ptr<port::Reader> reader_;
  const void* data_ = nullptr;
  SampleHeader header_;
  Stamp counts_from_ = 0;
  Stamp steady_from_ = 0;
  std::uint64_t expected_sequence_ = 0;
  std::uint64_t incarnation_ = 0;
  bool joins_late_ = false;
  bool has_sample_ = false;
  bool is_new_ = false;
  bool owes_ring_ = false;
};

}  // namespace takt::loop
