// One topic that an input reads: what has come of it, and how old it is.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/port/port.hpp>
#include <takt/status/pages.hpp>

#include "runtime/loop/input_shim.hpp"

namespace takt::loop {

// Where an input counts, the same for all of its topics.
struct InputWiring {
  InputCounters* counters = nullptr;
  std::atomic<std::uint64_t>* consumed = nullptr;  // Credits given back; null: none.
  std::atomic<std::uint64_t>* non_finite = nullptr;
};

// An external input has a source without a reader: injections make its samples.
//
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

  // Before the first injection: memory for all of them (make_room.cpp).
  void make_room(const InjectionRoom& room);
  void adopt(const InjectionEntry& entry, const DrivePoint* points, Stamp now) noexcept TAKT_RT;
  // When a sample that is delayed arrives; a far future when none is.
  Stamp next_arrival() const noexcept TAKT_RT {
    return is_injected_ ? shim_->next_arrival() : kInjectionForEver;
  }

  // Takes the next sample of the queue that has no refused number; false when there is none. `now`
  // counts only while something is injected.
  bool take(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT {
    return is_injected_ ? take_injected(refused, now) : take_plain(refused);
  }
  // Makes what goes by the instant of reading: a driven field, the sample of an external input.
  // True when what is shown has changed.
  bool refresh(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT {
    return is_injected_ && refresh_injected(refused, now);
  }

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
  void mark_seen() noexcept TAKT_RT {
    is_new_ = false;
    if (is_pending_) end_made_sample();
  }
  bool took_credit() noexcept TAKT_RT { return std::exchange(owes_ring_, false); }

 private:
  void account(const SampleHeader& header) noexcept TAKT_RT;
  void note(const SampleHeader& header, const void* data) noexcept TAKT_RT;
  bool take_plain(const std::vector<FloatRun>& refused) noexcept TAKT_RT;
  bool take_injected(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT;
  bool take_delayed(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT;
  bool show_altered(const std::vector<FloatRun>& refused, const SampleHeader& header,
                    const void* raw, Stamp now, bool is_counted) noexcept TAKT_RT;
  bool refresh_injected(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT;
  bool make_sample(const std::vector<FloatRun>& refused, Stamp now) noexcept TAKT_RT;
  void end_made_sample() noexcept TAKT_RT;

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

  // Injections. Null: this process has no page of them.
  std::unique_ptr<InputShim> shim_;
  const void* raw_ = nullptr;  // What `data_` was made of.
  bool is_injected_ = false;   // From the first injection on.
  bool was_driven_ = false;    // At the last look.
  bool is_altered_ = false;    // The sample on show has been counted as injected.
  // The sample that an external input makes for the next release; looks before it make it anew.
  SampleHeader made_{0, 0, 0, 1};
  bool is_pending_ = false;
  bool is_refused_ = false;  // It has a number that is not finite, and has been counted.
};

}  // namespace takt::loop
