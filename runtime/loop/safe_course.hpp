// How one output goes to its safe value: at once, or `hold`, then `ramp`.
#pragma once

#include <cstdint>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/manifest/node_config.hpp>

namespace takt::loop {

// From the last sample that a step sent: that sample for `hold`, then its floating-point numbers
// move evenly, so that all arrive after `ramp`; everything else in it changes at the end. Without a
// sample, as before the first step of a process, the safe value comes at once.
//
//   last ____hold____
//                    \__ramp__
//                             \___________ safe value
//
// Thread safety: the loop thread. Real time: as marked. Lifetime: its output's.
class SafeCourse {
 public:
  explicit SafeCourse(const OutputConfig& config);

  // A step is about to send `sample`; what is kept once it has been sent.
  void offer(const void* sample) noexcept TAKT_RT;
  void accept() noexcept TAKT_RT;
  // The safe value comes next, whatever was sent last.
  void cut_short() noexcept TAKT_RT { has_last_ = false; }

  // What is to be driven at `now`; the first call after `accept` is the beginning.
  void write(void* sample, std::int64_t now) noexcept TAKT_RT;
  // It has begun and has not arrived.
  bool is_under_way() const noexcept TAKT_RT { return has_last_ && since_ != 0; }

 private:
  bool exists() const noexcept TAKT_RT { return hold_ > 0 || ramp_ > 0; }
  void mix(void* sample, double done) const noexcept TAKT_RT;

  std::int64_t hold_;
  std::int64_t ramp_;
  std::vector<std::byte> safe_;
  std::vector<FloatRun> runs_;
  std::vector<std::byte> last_;     // Sent by the last step.
  std::vector<std::byte> offered_;  // About to be sent by this one.
  bool has_last_ = false;
  std::int64_t since_ = 0;  // 0: not begun.
};

}  // namespace takt::loop
