// One output of a running node: what is staged, stamped and sent.
#pragma once

#include <memory>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/node/access.hpp>
#include <takt/port/port.hpp>
#include <takt/status/pages.hpp>

#include "runtime/loop/safe_course.hpp"

namespace takt::loop {

// Thread safety: the loop thread. Real time: as marked. Lifetime: its loop's.
class OutputSlot {
 public:
  // A reader of this output that gives credits.
  struct Credit {
    const std::atomic<std::uint64_t>* consumed = nullptr;
    std::uint32_t depth = 0;
  };
  struct Wiring {
    OutputCounters* counters = nullptr;
    std::atomic<std::uint64_t>* non_finite = nullptr;
    std::vector<Bell*> bells;  // Of the nodes that this topic triggers.
    std::vector<Credit> credits;
    std::uint64_t incarnation = 1;
  };

  OutputSlot(OutputBase& output, const OutputConfig& config, std::unique_ptr<port::Writer> writer,
             Wiring wiring);

  // Loans and gives back, so that the memory is mapped before the first cycle.
  void exercise() noexcept;
  // Every bounded reader has room for one sample more.
  bool has_credit() const noexcept TAKT_RT;
  bool bounded() const noexcept { return !wiring_.credits.empty(); }

  // Puts `size` bytes into what is staged, when something is.
  void overwrite(std::uint32_t offset, const void* bytes, std::uint32_t size) noexcept TAKT_RT;

  enum class Sent { nothing, sample, refused };
  // Sends what the step staged; a sample with NaN or infinity is refused, unless its type allows
  // them. A device is driven first; what it does not take is counted and sent to nobody.
  Sent commit(std::int64_t publish_ns, std::int64_t origin_ns) noexcept TAKT_RT;
  // The same for what a step has staged: the safe course begins where it leaves the output.
  Sent commit_step(std::int64_t publish_ns, std::int64_t origin_ns) noexcept TAKT_RT;
  // Stages what the safe course drives at `now` when the output has a safe value and nothing else
  // is staged; without a safe value forgets what is staged.
  void stage_safe(std::int64_t now) noexcept TAKT_RT;
  // The safe value comes next, without hold and ramp.
  void cut_safe_course_short() noexcept TAKT_RT { course_.cut_short(); }
  bool is_on_safe_course() const noexcept TAKT_RT { return course_.is_under_way(); }
  bool has_safe() const noexcept TAKT_RT { return config_.has_safe; }
  // Gives back what is staged.
  void discard() noexcept TAKT_RT;

  const OutputConfig& config() const noexcept { return config_; }
  const std::vector<Bell*>& bells() const noexcept TAKT_RT { return wiring_.bells; }

 private:
  bool drive_device(const SampleHeader& header) noexcept TAKT_RT;
  OutputBase& output_;
  OutputConfig config_;
  std::unique_ptr<port::Writer> writer_;
  Wiring wiring_;
  SafeCourse course_;
  std::vector<FloatRun> finite_runs_;
  std::uint64_t sequence_ = 0;
};

}  // namespace takt::loop
