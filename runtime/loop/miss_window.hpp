// `tolerate: m in k`: how many of the last k deadlines were missed.
#pragma once

#include <cstdint>
#include <vector>

#include <takt/base/rt.hpp>

namespace takt::loop {

// A ring of the last k verdicts. Without a window the first miss is one too many.
//
// Thread safety: one thread. Real time: `add` is. Lifetime: independent.
class MissWindow {
 public:
  MissWindow(std::uint32_t tolerated, std::uint32_t window)
      : tolerated_(tolerated), verdicts_(window, false) {}

  // Adds one verdict; true when this miss is one more than the window tolerates.
  bool add(bool missed) noexcept TAKT_RT {
    if (verdicts_.empty()) return missed;
    if (verdicts_[at_]) --count_;
    verdicts_[at_] = missed;
    if (missed) ++count_;
    at_ = (at_ + 1) % verdicts_.size();
    return missed && count_ > tolerated_;
  }

 private:
  std::uint32_t tolerated_;
  std::uint32_t count_ = 0;
  std::size_t at_ = 0;
  std::vector<bool> verdicts_;
};

}  // namespace takt::loop
