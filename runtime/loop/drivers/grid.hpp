// The grid of a periodic node: which release comes next.
#pragma once

#include <cstdint>

#include <takt/base/rt.hpp>

namespace takt::loop {

// Points of time `first + k * period`, walked forwards.
//
// Thread safety: one thread. Real time: yes. Lifetime: independent.
class Grid {
 public:
  Grid(std::int64_t first, std::int64_t period) : period_(period), next_(first) {}

  std::int64_t next() const noexcept TAKT_RT { return next_; }

  // Points before `now` are none of ours.
  void begin_at(std::int64_t now) noexcept {
    if (now > next_) next_ += (now - next_ + period_ - 1) / period_ * period_;
  }

  struct Point {
    std::int64_t time;
    std::uint64_t skipped;  // Points passed over since the last one that was taken.
  };
  // The release for a node that is awake at `now`, not before `next()`: the latest point that is
  // not after `now`. A stall is thus made up in one step, with the time that has passed.
  Point take(std::int64_t now) noexcept TAKT_RT {
    const std::int64_t late = now > next_ ? (now - next_) / period_ : 0;
    const Point point{next_ + late * period_, skipped_ + static_cast<std::uint64_t>(late)};
    next_ = point.time + period_;
    skipped_ = 0;
    return point;
  }

  // The step ended at `finish`: points that lie in the past have been skipped.
  void pass(std::int64_t finish) noexcept TAKT_RT {
    if (finish <= next_) return;
    const std::int64_t missed = (finish - next_ + period_ - 1) / period_;
    next_ += missed * period_;
    skipped_ += static_cast<std::uint64_t>(missed);
  }

 private:
  std::int64_t period_;
  std::int64_t next_;
  std::uint64_t skipped_ = 0;
};

}  // namespace takt::loop
