// Datagrams over a serial line: a UART, a USB adapter, one end of a pseudo-terminal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <takt/base/result.hpp>
#include <takt/bus/datagram.hpp>
#include <takt/bus/frame.hpp>
#include <takt/os/fd.hpp>

namespace takt::bus {

enum class Parity { none, even, odd };

// A character has 8 data bits always: frames are bytes.
struct SerialOptions {
  std::string device{};          // Its path; /dev/serial/by-id has names that stay.
  std::uint32_t baud = 115'200;  // A rate that termios has a name for, 50 to 4,000,000.
  Parity parity = Parity::none;
  int stop_bits = 1;     // 1 or 2.
  bool receives = true;  // False: what arrives is left to the driver, nobody will ask for it.
};

// How long a frame around `datagram` bytes is on the line, at most.
double seconds_on_the_line(std::size_t datagram, const SerialOptions& options) noexcept;

class LineKeeper;

// One line in raw mode with the frames of takt/bus/frame.hpp on it, for one program alone. A frame
// that is bad counts as dropped. It has no handshake: nobody holds up what is sent. A frame for
// which the driver has no room counts as refused; when there was room for a part of it, the far end
// sees a bad frame, and the next one is whole again.
//
// A thread beside the loop, never real time, reads the line: a read of a terminal waits for a
// worker of the kernel, which is not real time either, also when it was asked not to wait. So the
// loop never waits, but what arrives has passed through both: a machine whose processors are all
// taken by real-time threads delivers late.
//
// A line hangs up when its adapter is pulled out, or the other end of a pseudo-terminal is closed.
// Sends are then refused, nothing is received, and that thread tries every 100 ms to open the
// device anew: opening and closing may take seconds in a driver. The first send or receive after
// that uses the new line.
//
// Thread safety, lifetime: as DatagramChannel. Real time: as DatagramChannel; a receive is no
// system call, and takes at most as long as 64 KiB of garbage take to be looked through.
class SerialChannel final : public DatagramChannel {
 public:
  // Opens and sets the line, and throws away what has arrived before: it is of unknown age. Errors:
  // no such device, no right to it, a device that is no line or that another program has, a rate or
  // parity that it does not take.
  static Result<std::unique_ptr<SerialChannel>> open(const SerialOptions& options);
  // Over a descriptor that is open and set, non-blocking, as the other end of a pseudo-terminal. It
  // is not opened anew.
  static Result<std::unique_ptr<SerialChannel>> over(os::UniqueFd line);
  ~SerialChannel() override;

  // False from the call on that saw the line hang up, until `renew` finds another one.
  bool is_up() const noexcept TAKT_RT { return static_cast<bool>(line_); }
  // The system's word for the last time it hung up; EIO when it had none.
  int hang_up_errno() const noexcept TAKT_RT { return hang_up_errno_; }
  // Takes the line if it was opened anew; true when it did. Sending and receiving do so, too.
  bool renew() noexcept TAKT_RT;

 private:
  SerialChannel();
  static Result<std::unique_ptr<SerialChannel>> make(os::UniqueFd line, bool receives,
                                                     std::optional<SerialOptions> options);
  int send(std::span<const std::byte> datagram) noexcept TAKT_RT override;
  std::ptrdiff_t receive(std::span<std::byte> memory) noexcept TAKT_RT override;
  void hang_up(int errno_value) noexcept TAKT_RT;

  os::UniqueFd line_;
  std::unique_ptr<LineKeeper> keeper_;  // Ends before the line that it reads.
  FrameDecoder decoder_;
  std::array<std::byte, kFrameBytesMax> frame_{};
  int hang_up_errno_ = 0;
};

}  // namespace takt::bus
