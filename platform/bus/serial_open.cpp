// Opening of serial lines: before the loop, with words for everything that can be wrong.
#include <cerrno>

#include <fcntl.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/bus/serial.hpp>

#include "platform/bus/line_keeper.hpp"

namespace takt::bus {
namespace {

struct Rate {
  std::uint32_t baud;
  speed_t code;
};
constexpr Rate kRates[] = {
    {50, B50},           {75, B75},           {110, B110},         {134, B134},
    {150, B150},         {200, B200},         {300, B300},         {600, B600},
    {1200, B1200},       {1800, B1800},       {2400, B2400},       {4800, B4800},
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
    {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
    {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
    {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000},
    {3500000, B3500000}, {4000000, B4000000},
};

Result<speed_t> code_of(std::uint32_t baud) {
  for (const Rate& rate : kRates) {
    if (rate.baud == baud) return rate.code;
  }
  return fail(format("{} baud is no rate that termios has a name for", baud),
              "common ones are 9600, 115200, 460800, 921600, 1000000, 2000000 and 4000000");
}

Error busy(const std::string& what, int errno_value, const std::string& device) {
  return system_error(what, errno_value, "another program has this line",
                      format("end that program; `fuser -v {}` shows who has it", device));
}

Error open_error(const std::string& device, int errno_value) {
  const std::string what = format("open the serial line {}", device);
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      return system_error(what, errno_value, "there is no such device",
                          "plug it in; `ls -l /dev/serial/by-id` lists those that are there");
    case EACCES:
    case EPERM:
      return system_error(what, errno_value, "this user may not use it",
                          "`sudo usermod -aG dialout $USER`, then log in again; `ls -l` shows the "
                          "device's own group");
    case EBUSY:
      return busy(what, errno_value, device);
    case ENXIO:
    case ENODEV:
    case EIO:
      return system_error(what, errno_value, "the name is there, but no device behind it",
                          "check plug and driver: `dmesg | grep tty`");
    default:
      return system_error(what, errno_value, "", "");
  }
}

// Whether another program has it is asked twice: TIOCEXCL keeps out programs that know nothing of
// locks, but not those of root; the lock keeps out those.
Result<void> take_alone(int line, const std::string& device) {
  const std::string what = format("have the serial line {} alone", device);
  if (::flock(line, LOCK_EX | LOCK_NB) != 0) return busy(what, errno, device);
  if (::ioctl(line, TIOCEXCL) != 0) return system_error(what, errno, "", "");
  return {};
}

struct Settings {
  termios line{};
  speed_t speed = B0;
};

Settings raw(termios line, speed_t speed, const SerialOptions& options) {
  ::cfmakeraw(&line);
  // No modem lines: nobody waits for a carrier, and a close does not reset what hangs on DTR.
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | HUPCL | CSTOPB | PARENB | PARODD);
  line.c_iflag &= ~static_cast<tcflag_t>(IXOFF | IXANY | INPCK | IGNPAR);
  if (options.stop_bits == 2) line.c_cflag |= CSTOPB;
  if (options.parity != Parity::none) {
    line.c_cflag |= PARENB;
    line.c_iflag |= INPCK;  // A character with a wrong parity is read as zero: a bad frame.
  }
  if (options.parity == Parity::odd) line.c_cflag |= PARODD;
  // A minimum of one character: nothing there is EAGAIN, and 0 bytes are a hang-up.
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  ::cfsetspeed(&line, speed);
  return {line, speed};
}

// The driver's word, not ours: tcsetattr is content when it could do a part.
Result<void> set(int line, const Settings& wanted, const SerialOptions& options) {
  const std::string what = format("set the serial line {}", options.device);
  if (::tcsetattr(line, TCSANOW, &wanted.line) != 0) return system_error(what, errno, "", "");
  termios got{};
  if (::tcgetattr(line, &got) != 0) return system_error(what, errno, "", "");
  if (::cfgetospeed(&got) != wanted.speed) {
    return fail(format("{} does not take {} baud", options.device, options.baud),
                "take a rate that its driver has");
  }
  constexpr tcflag_t kFormat = CSIZE | CSTOPB | PARENB | PARODD;
  if ((got.c_cflag & kFormat) != (wanted.line.c_cflag & kFormat)) {
    return fail(format("{} does not take this parity or number of stop bits", options.device),
                "take `parity: none` and `stop_bits: 1`, which every driver has");
  }
  return {};
}

// Where the driver has it: characters are handed on at once and not gathered. Others refuse it,
// and nothing is lost by that.
void ask_for_low_latency(int line) {
  serial_struct state{};
  if (::ioctl(line, TIOCGSERIAL, &state) != 0) return;
  state.flags |= static_cast<int>(ASYNC_LOW_LATENCY);
  ::ioctl(line, TIOCSSERIAL, &state);
}

}  // namespace

Result<os::UniqueFd> open_line(const SerialOptions& options) {
  const auto speed = code_of(options.baud);
  if (!speed) return speed.error();
  if (options.stop_bits != 1 && options.stop_bits != 2) {
    return fail(format("{} stop bits: a character has 1 or 2", options.stop_bits));
  }
  const std::string& device = options.device;
  struct stat kind {};
  if (::stat(device.c_str(), &kind) != 0) return open_error(device, errno);
  const Error no_line = fail(format("{} is no serial line", device),
                             "give a terminal device, such as /dev/ttyS0 or /dev/ttyUSB0");
  if (!S_ISCHR(kind.st_mode)) return no_line;
  // Non-blocking already here: without it an open waits for a carrier.
  os::UniqueFd line(::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!line) return open_error(device, errno);
  termios before{};
  if (::tcgetattr(line.get(), &before) != 0) {
    return errno == ENOTTY ? no_line : open_error(device, errno);
  }
  if (auto alone = take_alone(line.get(), device); !alone) return alone.error();
  if (auto done = set(line.get(), raw(before, *speed, options), options); !done) {
    return done.error();
  }
  ask_for_low_latency(line.get());
  ::tcflush(line.get(), TCIOFLUSH);
  return line;
}

double seconds_on_the_line(std::size_t datagram, const SerialOptions& options) noexcept {
  const int bits = 1 + 8 + (options.parity == Parity::none ? 0 : 1) + options.stop_bits;
  return static_cast<double>(frame_bytes(datagram)) * bits / options.baud;
}

SerialChannel::SerialChannel() = default;
SerialChannel::~SerialChannel() = default;

Result<std::unique_ptr<SerialChannel>> SerialChannel::open(const SerialOptions& options) {
  auto line = open_line(options);
  if (!line) return line.error();
  return make(std::move(*line), options.receives, options);
}

Result<std::unique_ptr<SerialChannel>> SerialChannel::over(os::UniqueFd line) {
  return make(std::move(line), true, std::nullopt);
}

Result<std::unique_ptr<SerialChannel>> SerialChannel::make(os::UniqueFd line, bool receives,
                                                           std::optional<SerialOptions> options) {
  auto keeper = LineKeeper::start(line.get(), receives, std::move(options));
  if (!keeper) return keeper.error();
  std::unique_ptr<SerialChannel> channel(new SerialChannel);
  channel->line_ = std::move(line);
  channel->keeper_ = std::move(*keeper);
  return channel;
}

}  // namespace takt::bus
