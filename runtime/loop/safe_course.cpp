#include "runtime/loop/safe_course.hpp"

#include <cstring>
#include <utility>

namespace takt::loop {
namespace {

template <typename T>
void mix_one(std::byte* to, const std::byte* from, const std::byte* safe, double done) noexcept {
  T begin, end;
  std::memcpy(&begin, from, sizeof begin);
  std::memcpy(&end, safe, sizeof end);
  // Of two finite numbers, without a sum that could overflow on the way.
  const T value = static_cast<T>(begin * (1.0 - done) + end * done);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace

SafeCourse::SafeCourse(const OutputConfig& config)
    : hold_(config.safe_hold.count()), ramp_(config.safe_ramp.count()), safe_(config.safe) {
  if (!exists()) return;
  runs_ = float_runs(config.layout);
  last_.resize(config.layout.size);
  offered_.resize(config.layout.size);
}

void SafeCourse::offer(const void* sample) noexcept {
  if (exists()) std::memcpy(offered_.data(), sample, offered_.size());
}

void SafeCourse::accept() noexcept {
  if (!exists()) return;
  std::swap(last_, offered_);
  has_last_ = true;
  since_ = 0;
}

void SafeCourse::write(void* sample, std::int64_t now) noexcept {
  if (has_last_ && since_ == 0) since_ = now;
  const std::int64_t gone = has_last_ ? now - since_ : 0;
  if (!has_last_ || gone >= hold_ + ramp_) {
    has_last_ = false;
    std::memcpy(sample, safe_.data(), safe_.size());
    return;
  }
  std::memcpy(sample, last_.data(), last_.size());
  if (gone > hold_) mix(sample, static_cast<double>(gone - hold_) / static_cast<double>(ramp_));
}

void SafeCourse::mix(void* sample, double done) const noexcept {
  auto* to = static_cast<std::byte*>(sample);
  for (const FloatRun& run : runs_) {
    const std::size_t size = run.is_double ? sizeof(double) : sizeof(float);
    for (std::size_t i = 0; i < run.count; ++i) {
      const std::size_t at = run.offset + i * size;
      if (run.is_double) {
        mix_one<double>(to + at, last_.data() + at, safe_.data() + at, done);
      } else {
        mix_one<float>(to + at, last_.data() + at, safe_.data() + at, done);
      }
    }
  }
}

}  // namespace takt::loop
