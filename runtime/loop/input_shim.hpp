// What stands between a topic and an input while something is injected there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/sample/sample.hpp>
#include <takt/status/injections.hpp>

namespace takt::loop {

// Absolute times are nanoseconds of the graph's clock.
using Stamp = std::int64_t;

// The injections on one topic of one input, in the order in which they were given, and the memory
// in which samples are altered or wait: the shared chunk is read by others and never written.
//
// Samples pass in two stages. When one comes, `receive` says whether it arrives now, later or never
// (off, intermittent, slow, delayed). When it arrives, `alter` makes what the input shows of it
// (stuck, wrong, garbage, noise, and `set`, which goes by the instant of reading and is therefore
// made anew at each look). A sample that arrives while older ones wait waits behind them.
//
// Thread safety: the loop thread. Real time: as marked; it allocates in the constructor alone.
// Lifetime: its source's, whose configuration it refers to.
class InputShim {
 public:
  InputShim(const InputConfig& config, const InjectionRoom& room);

  // Takes one more; there is no room for more than the supervisor gives. `shown` is what the input
  // shows now, null before anything. Those that have long been over are forgotten.
  void adopt(const InjectionEntry& entry, const DrivePoint* points, const void* shown,
             Stamp now) noexcept TAKT_RT;

  enum class Fate {
    passes,
    waits,  // It was copied and comes later.
    withheld,
    dropped,  // It was to wait, and there was no room.
  };
  // What becomes of a sample.
  Fate fate_of(const SampleHeader& header) noexcept TAKT_RT { return judge(header).fate; }
  // The same, and lets it wait.
  Fate receive(const SampleHeader& header, const void* data) noexcept TAKT_RT;

  struct Arrival {
    SampleHeader header;
    Stamp time = 0;
    std::byte* data = nullptr;
  };
  // The first that waits, when its time has come; else null.
  const Arrival* due(Stamp now) const noexcept TAKT_RT {
    return waiting_ > 0 && arrivals_[first_].time <= now ? &arrivals_[first_] : nullptr;
  }
  // Takes it out of the queue. Its memory stays as it is until the next one is taken out.
  void take_due() noexcept TAKT_RT;
  // The same for one that is not shown: what was taken before stays.
  void drop_due() noexcept TAKT_RT;
  // When the first that waits arrives; a far future when none does.
  Stamp next_arrival() const noexcept TAKT_RT {
    return waiting_ > 0 ? arrivals_[first_].time : kInjectionForEver;
  }

  // The sample as the input shows it at `now`: `raw` itself, or a copy that stays as it is until
  // `alter` has been called after `keep_altered`.
  const void* alter(const SampleHeader& header, const void* raw, Stamp now) noexcept TAKT_RT;
  void keep_altered() noexcept TAKT_RT { view_ = 1 - view_; }

  // A `set` acts at this instant.
  bool is_driven(Stamp now) const noexcept TAKT_RT;
  // The sample of an external input at this instant, without anything but `set`; as `driven` until
  // the next call. Once kept it stays as it is until `drive` has been called after another is kept.
  const void* drive(Stamp now) noexcept TAKT_RT;
  const void* driven() noexcept TAKT_RT;
  void keep_driven() noexcept TAKT_RT { driven_ = 1 - driven_; }

 private:
  struct Act {
    InjectionEntry entry;
    const DrivePoint* points = nullptr;
    std::uint32_t cursor = 0;   // The last point that was used.
    std::uint64_t counted = 0;  // slow: samples of the window so far.
    std::uint64_t counted_sample = ~std::uint64_t{0};
    bool has_last = false;             // stuck: there is a value to stay at.
    std::uint64_t last = 0;            // The element's bytes, or
    std::byte* last_sample = nullptr;  // the whole sample's.

    FieldKind kind() const noexcept TAKT_RT { return static_cast<FieldKind>(entry.kind); }
    bool is_in_window(Stamp instant) const noexcept TAKT_RT {
      return instant >= entry.from_ns && instant < entry.until_ns;
    }
    bool drives(Stamp now) const noexcept TAKT_RT;
  };
  struct FreeMemory {
    void operator()(std::byte* memory) const {
      ::operator delete[](memory, std::align_val_t{kCopyAlign});
    }
  };

  struct Judgement {
    Fate fate = Fate::passes;
    Stamp delay = 0;
  };
  Judgement judge(const SampleHeader& header) noexcept TAKT_RT;
  bool lets_pass(Act& act, const SampleHeader& header, std::uint64_t sample) noexcept TAKT_RT;
  bool acts_on(const Act& act, const SampleHeader& header, Stamp now) const noexcept TAKT_RT;
  void remember(Act& act, const void* sample) noexcept TAKT_RT;
  void apply(Act& act, const SampleHeader& header, Stamp now, std::byte* sample) noexcept TAKT_RT;
  void scramble(const Act& act, std::uint64_t sample, std::byte* data) noexcept TAKT_RT;
  void forget_past(Stamp now) noexcept TAKT_RT;
  double value_of(Act& act, Stamp now) noexcept TAKT_RT;
  std::byte* free_last_sample() noexcept TAKT_RT;
  std::byte* buffer(std::size_t index) noexcept TAKT_RT { return memory_.get() + index * stride_; }

  const InputConfig& config_;
  const std::uint32_t size_;
  const InjectionRoom room_;
  const std::size_t stride_;
  std::unique_ptr<std::byte[], FreeMemory> memory_;  // Views, driven sample, last ones, arrivals.
  std::unique_ptr<Act[]> acts_;
  std::uint32_t act_count_ = 0;
  std::unique_ptr<Arrival[]> arrivals_;  // A ring of one more than may wait: the last one taken.
  std::uint32_t first_ = 0;
  std::uint32_t waiting_ = 0;
  Stamp last_arrival_ = 0;
  std::size_t view_ = 0;    // Which of the two views `alter` may write.
  std::size_t driven_ = 0;  // The same for `drive`.
};

}  // namespace takt::loop
