// Everything about a serial line that may wait, beside the loop.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <pthread.h>

#include <takt/base/result.hpp>
#include <takt/bus/serial.hpp>
#include <takt/os/fd.hpp>

namespace takt::bus {

// The line in raw mode, for this program alone, without what had arrived before.
Result<os::UniqueFd> open_line(const SerialOptions& options);

// One thread, made before the loop takes its real-time class. It reads the line, because a read
// that must not wait does: the kernel's terminals wait in it for their own worker, which is not
// real time. And it closes a line that hung up and opens it anew.
//
//   loop   --replace(line)--> closes it, opens another --take()--> loop
//   loop   <--arrived()-- ring <-- reads
//
// Thread safety: one thread calls. Real time: as marked. Lifetime: independent, but for the line,
// which its caller closes after this; its end waits for an attempt to open that is under way.
class LineKeeper {
 public:
  // `line` stays the caller's. Without `options` it is not opened anew.
  static Result<std::unique_ptr<LineKeeper>> start(int line, bool reads,
                                                   std::optional<SerialOptions> options);
  ~LineKeeper();
  LineKeeper(const LineKeeper&) = delete;
  LineKeeper& operator=(const LineKeeper&) = delete;

  // What has arrived, or the first part of it; and how much of that was used.
  std::span<const std::byte> arrived() const noexcept TAKT_RT;
  void consume(std::size_t size) noexcept TAKT_RT;

  // The line is gone, behind everything that has arrived.
  bool has_hung_up() const noexcept TAKT_RT { return hung_up_.load(std::memory_order_acquire); }
  // Gives the line away, which hung up: the caller does not use it any more.
  void replace(int line) noexcept TAKT_RT;
  // The new line, or -1 as long as there is none. What arrived on the old one is gone.
  int take() noexcept TAKT_RT;

 private:
  LineKeeper(int line, bool reads, std::optional<SerialOptions> options);
  void run();
  void read_until_hang_up();
  bool move_into_ring();
  bool renew();
  bool waits_for(const std::atomic<int>& word, bool until_set);
  bool ends_within(int milliseconds);
  void change() noexcept TAKT_RT;

  // Half a second of a line of 1 Mbaud; what does not fit stays in the kernel.
  static constexpr std::size_t kRingBytes = std::size_t{1} << 16;

  const std::optional<SerialOptions> options_;
  const bool reads_;
  int line_;  // The thread's: what it reads.
  os::UniqueFd end_;
  std::atomic<int> broken_{-1};
  std::atomic<int> fresh_{-1};
  std::atomic<bool> hung_up_{false};
  std::atomic<bool> ends_{false};
  std::atomic<std::uint32_t> changes_{0};  // What the thread sleeps on while it has no line.
  // Counts of bytes since the beginning: the thread writes, the caller reads.
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> read_{0};
  std::array<std::byte, kRingBytes> ring_{};
  pthread_t thread_{};
};

}  // namespace takt::bus
