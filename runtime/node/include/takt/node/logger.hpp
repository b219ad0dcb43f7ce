// What a node says in words, also from a step.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <takt/base/rt.hpp>
#include <takt/status/log_ring.hpp>

namespace takt {

// Got from `NodeContext::log()` and kept: `log_->warning("{} A is above {} A", i, max)`. Up to four
// numbers take the places of `{}`; they are shown with six digits. Lines appear with the node's
// name in the user's terminal and in the instance's log within a tenth of a second. After
// `kLogBurst` lines at once, one each 100 ms is kept and the rest is counted.
//
// Thread safety: the node's one thread. Real time: yes. Lifetime: the node's.
class Logger {
 public:
  template <typename... Numbers>
  void info(std::string_view text, Numbers... numbers) noexcept TAKT_RT {
    write(LogLevel::info, text, numbers...);
  }
  template <typename... Numbers>
  void warning(std::string_view text, Numbers... numbers) noexcept TAKT_RT {
    write(LogLevel::warning, text, numbers...);
  }
  template <typename... Numbers>
  void error(std::string_view text, Numbers... numbers) noexcept TAKT_RT {
    write(LogLevel::error, text, numbers...);
  }

 private:
  friend struct PortAccess;
  template <typename... Numbers>
  void write(LogLevel level, std::string_view text, Numbers... numbers) noexcept TAKT_RT {
    static_assert((std::is_arithmetic_v<Numbers> && ...), "a log line takes numbers only");
    static_assert(sizeof...(Numbers) <= kLogNumbersMax, "a log line takes up to four numbers");
    if (ring_ == nullptr) return;
    ring_->write(level, now_ns_, text, {static_cast<double>(numbers)...});
  }

  LogRing* ring_ = nullptr;
  std::int64_t now_ns_ = 0;  // Of the cycle: a node reads no clock.
};

}  // namespace takt
