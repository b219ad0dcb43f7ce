// Opens a serial line anew after it has hung up, beside the loop.
#pragma once

#include <atomic>
#include <cstdint>

#include <pthread.h>

#include <takt/base/result.hpp>
#include <takt/bus/serial.hpp>
#include <takt/os/fd.hpp>

namespace takt::bus {

// The line in raw mode, for this program alone, without what had arrived before.
Result<os::UniqueFd> open_line(const SerialOptions& options);

// One thread, made before the loop takes its real-time class; it sleeps while the line is up.
//
// Thread safety: one thread calls. Real time: as marked. Lifetime: independent; its end waits for
// an attempt that is under way.
class LineKeeper {
 public:
  static Result<std::unique_ptr<LineKeeper>> start(const SerialOptions& options);
  ~LineKeeper();
  LineKeeper(const LineKeeper&) = delete;
  LineKeeper& operator=(const LineKeeper&) = delete;

  // Gives away a line that hung up: closing it is a driver's work as well.
  void replace(int line) noexcept TAKT_RT;
  // The new line, or -1 as long as there is none. The caller owns it.
  int take() noexcept TAKT_RT { return fresh_.exchange(-1, std::memory_order_acq_rel); }

 private:
  explicit LineKeeper(const SerialOptions& options) : options_(options) {}
  void run();
  bool ends_within_pause();
  void change() noexcept TAKT_RT;

  SerialOptions options_;
  std::atomic<int> broken_{-1};
  std::atomic<int> fresh_{-1};
  std::atomic<bool> ends_{false};
  std::atomic<std::uint32_t> changes_{0};  // What the thread sleeps on.
  pthread_t thread_{};
};

}  // namespace takt::bus
