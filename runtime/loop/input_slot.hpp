// One connected input of a running node: what is taken, counted and judged.
#pragma once

#include <memory>
#include <vector>

#include <takt/node/access.hpp>

#include "runtime/loop/input_source.hpp"

namespace takt::loop {

// An input with fallbacks (`from: [primary, backup]`) takes the samples of all of its topics and
// shows those of one. It leaves a topic at once when that is too old and another one is fresh, the
// earliest of the list first. It goes back to an earlier one only when that has been fresh without
// a gap for `kReturnAfter` times the shortest age limit: a sensor that comes and goes must not make
// the controller jump between two measurements with every sample.
//
// Thread safety: the loop thread. Real time: as marked. Lifetime: its loop's.
class InputSlot {
 public:
  static constexpr Stamp kReturnAfter = 10;

  // One reader a topic, in the order of the list; a null one for an external input.
  InputSlot(InputBase& input, const InputConfig& config,
            std::vector<std::unique_ptr<port::Reader>> readers, InputWiring wiring,
            bool refuse_non_finite);
  InputSlot(const InputSlot&) = delete;
  InputSlot& operator=(const InputSlot&) = delete;

  // Reserves memory for injections (make_room.cpp); without it there are none.
  void make_room(bool scenario);
  void adopt(const InjectionEntry& entry, const DrivePoint* points, Stamp now) noexcept TAKT_RT;
  // When a delayed sample arrives that can be taken then; a far future when none does.
  Stamp next_arrival(Stamp now) const noexcept TAKT_RT;

  // Fixes the instant from which freshness counts and shows the initial value. `joins_late`: the
  // graph runs already, what was sent before is not lost.
  void start(Stamp from, bool joins_late) noexcept;

  // `latest`: drains the queues to their newest. `queue`: takes the next one, unless the one before
  // has not been seen by a step yet. Returns true when the sample on show is new. `now` counts only
  // while something is injected.
  bool collect(Stamp now) noexcept TAKT_RT;

  // Chooses, by the stamps at `now`, which topic is on show.
  void choose(Stamp now) noexcept TAKT_RT {
    if (sources_.size() > 1) show_source(best_source(now));
  }

  // The sample on show counts as seen; a queue may go on.
  void consume() noexcept TAKT_RT;

  // Passes over the sample on show: it releases no step.
  void pass_over() noexcept TAKT_RT { active_->mark_seen(); }

  enum class Verdict { fresh, stale, missing };
  // Chooses, judges by the stamps alone and shows the result to the node. `record` adds to the
  // histograms.
  Verdict judge(Stamp now, bool record) noexcept TAKT_RT;

  // As InputSource says it, of the topic on show.
  bool too_old(Stamp now) const noexcept TAKT_RT { return active_->too_old(now); }
  Stamp expiry() const noexcept TAKT_RT { return active_->expiry(); }
  bool is_new() const noexcept TAKT_RT { return active_->is_new(); }
  const SampleHeader& header() const noexcept TAKT_RT { return active_->header(); }
  bool has_sample() const noexcept TAKT_RT { return active_->has_sample(); }
  // The shortest of its limits, 0 when it has none.
  Stamp limit() const noexcept TAKT_RT { return limit_; }

  bool has_fallbacks() const noexcept TAKT_RT { return sources_.size() > 1; }
  bool took_credit() noexcept TAKT_RT { return active_->took_credit(); }
  const InputConfig& config() const noexcept { return config_; }

 private:
  InputSource* best_source(Stamp now) noexcept TAKT_RT;
  void show_source(InputSource* source) noexcept TAKT_RT;

  InputBase& input_;
  InputConfig config_;
  InputWiring wiring_;
  std::vector<FloatRun> refused_runs_;  // Empty: any bits are taken.
  std::vector<InputSource> sources_;    // Never changes after construction.
  InputSource* active_ = nullptr;       // One of them.
  Stamp limit_ = 0;
};

}  // namespace takt::loop
