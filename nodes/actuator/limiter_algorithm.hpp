// Limits the range and the rate of a command, without ports.
#pragma once

#include <chrono>
#include <cmath>
#include <limits>

#include <takt/base/rt.hpp>

#include "nodes/common/range.hpp"

namespace takt::nodes {

struct LimiterSettings {
  Range range{};
  double rate_up = 0.0;    // Per second; 0: unlimited.
  double rate_down = 0.0;  // Per second; 0: unlimited.
  double start = 0.0;      // Where a rate limit starts from; inside `range`.
};

// Thread safety: one thread. Real time: yes. Lifetime: independent, trivially copyable.
class LimiterAlgorithm {
 public:
  LimiterAlgorithm() = default;
  explicit LimiterAlgorithm(const LimiterSettings& settings)
      : settings_(settings), last_(settings.start) {}

  // The output nearest to `command` that range and rate allow `elapsed` after the one before. A
  // command that is not finite gives NaN and changes nothing.
  double step(double command, std::chrono::nanoseconds elapsed) noexcept TAKT_RT {
    if (!std::isfinite(command)) return std::numeric_limits<double>::quiet_NaN();
    const double seconds = std::chrono::duration<double>(elapsed).count();
    double output = settings_.range.clamp(command);
    if (settings_.rate_up > 0.0 && output > last_ + settings_.rate_up * seconds) {
      output = last_ + settings_.rate_up * seconds;
    }
    if (settings_.rate_down > 0.0 && output < last_ - settings_.rate_down * seconds) {
      output = last_ - settings_.rate_down * seconds;
    }
    last_ = output;
    return output;
  }

  // The output has left this algorithm's hands: rate limits count from `start` again.
  void restart() noexcept TAKT_RT { last_ = settings_.start; }

 private:
  LimiterSettings settings_;
  double last_ = 0.0;
};

}  // namespace takt::nodes
