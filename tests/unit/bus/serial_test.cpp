// A serial line on a pseudo-terminal: its settings, its refusals, and its unplugging.
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <takt/bus/serial.hpp>

#include "tests/support/pseudo_terminal.hpp"

namespace takt::bus::serial_test {
namespace {

using test::PseudoTerminal;

constexpr unsigned kPatienceSeconds = 30;
constexpr std::array<std::byte, 3> kDatagram{std::byte{1}, std::byte{0}, std::byte{3}};

std::string frame(std::span<const std::byte> datagram = kDatagram) {
  std::array<std::byte, kFrameBytesMax> bytes{};
  const std::size_t size = encode_frame(datagram, bytes);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

class Serial : public testing::Test {
 protected:
  Serial() { ::alarm(kPatienceSeconds); }
  ~Serial() override { ::alarm(0); }

  static std::unique_ptr<SerialChannel> opened(const SerialOptions& options) {
    auto channel = SerialChannel::open(options);
    EXPECT_TRUE(channel.ok()) << channel.error().text();
    return std::move(*channel);
  }
  static std::string refusal(const SerialOptions& options) {
    auto channel = SerialChannel::open(options);
    return channel.ok() ? "it was opened" : channel.error().text();
  }
  static void expect_refusal(const SerialOptions& options, const std::string& words) {
    const std::string text = refusal(options);
    EXPECT_NE(text.find(words), std::string::npos) << text;
  }
  static Received receive(SerialChannel& channel) {
    std::array<std::byte, 64> memory{};
    for (;;) {
      const Received got = channel.try_receive(memory);
      if (got.what != Received::What::nothing || !channel.is_up()) return got;
      ::poll(nullptr, 0, 1);
    }
  }

  PseudoTerminal cable_;
};

TEST_F(Serial, SetsItsLineRawAndAtItsRate) {
  const auto sut = opened({.device = cable_.device(), .baud = 460'800, .stop_bits = 2});

  termios line{};
  ASSERT_EQ(::tcgetattr(cable_.end(), &line), 0);
  EXPECT_EQ(::cfgetospeed(&line), B460800);
  EXPECT_EQ(line.c_lflag & (ICANON | ECHO | ISIG), 0U);
  EXPECT_EQ(line.c_iflag & (IXON | ICRNL), 0U);
  EXPECT_EQ(line.c_cflag & (CSIZE | CSTOPB), tcflag_t{CS8 | CSTOPB});
}

TEST_F(Serial, SendsTheFrameThatTheHeadDescribes) {
  const auto sut = opened({.device = cable_.device()});

  ASSERT_TRUE(sut->try_send(kDatagram));

  EXPECT_EQ(cable_.read(frame().size()), frame());
}

TEST_F(Serial, CountsABadFrameAsDroppedAndReceivesTheNext) {
  const auto sut = opened({.device = cable_.device()});
  std::string broken = frame();
  broken[3] = static_cast<char>(broken[3] ^ 0x40);

  cable_.write(broken + "garbage" + frame());

  EXPECT_EQ(receive(*sut).what, Received::What::dropped);
  EXPECT_EQ(receive(*sut).what, Received::What::dropped);
  const Received got = receive(*sut);
  EXPECT_EQ(got.what, Received::What::datagram);
  EXPECT_EQ(got.size, kDatagram.size());
  EXPECT_EQ(sut->counters().dropped, 2U);
}

TEST_F(Serial, ThrowsAwayWhatCameBeforeItWasOpened) {
  const os::UniqueFd holder(::open(cable_.device().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  cable_.write(frame());
  pollfd there{holder.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&there, 1, 30'000), 1);

  const auto sut = opened({.device = cable_.device()});
  const std::array<std::byte, 1> fresh{};
  cable_.write(frame(fresh));

  EXPECT_EQ(receive(*sut).size, fresh.size()) << "the first that it knows";
}

// More than the ring holds, in pieces of every length.
TEST_F(Serial, LosesNothingOfALongStreamThatIsTakenAsItComes) {
  const auto sut = opened({.device = cable_.device()});
  std::array<std::byte, 1000> datagram{};
  std::array<std::byte, 1000> memory{};
  for (std::uint32_t i = 0; i < 500; ++i) {
    const std::size_t size = 4 + i * 997 % 996;
    std::memcpy(datagram.data(), &i, sizeof i);
    cable_.write(frame(std::span(datagram).first(size)));

    Received got;
    while (got.what == Received::What::nothing) got = sut->try_receive(memory);
    std::uint32_t number = 0;
    std::memcpy(&number, memory.data(), sizeof number);
    ASSERT_EQ(got.size, size);
    ASSERT_EQ(number, i);
  }
  EXPECT_EQ(sut->counters().dropped, 0U);
}

TEST_F(Serial, SaysWhatIsWrongWithItsDevice) {
  expect_refusal({.device = "/dev/no-such-line"}, "there is no such device; plug it in");
  expect_refusal({.device = "/dev/null"}, "/dev/null is no serial line; give a terminal device");
  expect_refusal({.device = "/tmp"}, "/tmp is no serial line");
  expect_refusal({.device = cable_.device(), .baud = 12'345},
                 "12345 baud is no rate that termios has a name for");
  expect_refusal({.device = cable_.device(), .stop_bits = 3}, "a character has 1 or 2");
}

// A pseudo-terminal has no parity and says so only when it is asked.
TEST_F(Serial, RefusesAParityThatTheDriverDidNotTake) {
  expect_refusal({.device = cable_.device(), .parity = Parity::odd},
                 "does not take this parity or number of stop bits");
}

TEST_F(Serial, RefusesALineThatAnotherProgramHas) {
  const auto first = opened({.device = cable_.device()});

  expect_refusal({.device = cable_.device()}, "another program has this line; end that program");
}

// Root opens past TIOCEXCL: the lock alone tells.
TEST_F(Serial, RefusesALineThatALockIsOn) {
  const os::UniqueFd other(::open(cable_.device().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);

  expect_refusal({.device = cable_.device()}, "another program has this line");
}

TEST_F(Serial, OpensAgainAfterItsEnd) {
  opened({.device = cable_.device()}).reset();

  EXPECT_TRUE(opened({.device = cable_.device()})->is_up());
}

TEST_F(Serial, RefusesToSendForWhichThereIsNoRoomAndNeverWaits) {
  const auto sut = opened({.device = cable_.device()});

  while (sut->try_send(kDatagram)) {
  }

  EXPECT_TRUE(sut->last_errno() == EAGAIN || sut->last_errno() == ENOBUFS) << sut->last_errno();
  EXPECT_TRUE(sut->is_up());
}

TEST_F(Serial, SeesTheHangUpWhenItReceives) {
  const auto sut = opened({.device = cable_.device()});
  cable_.unplug();

  EXPECT_EQ(receive(*sut).what, Received::What::nothing);
  EXPECT_FALSE(sut->is_up());
  EXPECT_EQ(sut->hang_up_errno(), EIO);
}

TEST_F(Serial, SeesTheHangUpWhenItSendsAndRefusesFromThenOn) {
  const auto sut = opened({.device = cable_.device()});
  cable_.unplug();

  EXPECT_FALSE(sut->try_send(kDatagram));
  EXPECT_FALSE(sut->try_send(kDatagram));

  EXPECT_FALSE(sut->is_up());
  EXPECT_EQ(sut->last_errno(), EIO);
  EXPECT_EQ(sut->counters().refused, 2U);
}

// The name of the device is a link, as in /dev/serial/by-id: it comes back on another terminal.
TEST_F(Serial, UsesTheLineAgainOnceItIsBack) {
  const std::string name = testing::TempDir() + "takt-line-" + std::to_string(::getpid());
  ::unlink(name.c_str());
  ASSERT_EQ(::symlink(cable_.device().c_str(), name.c_str()), 0);
  const auto sut = opened({.device = name});
  cable_.unplug();
  while (sut->is_up()) sut->try_send(kDatagram);

  const PseudoTerminal other;
  ASSERT_EQ(::unlink(name.c_str()), 0);
  ASSERT_EQ(::symlink(other.device().c_str(), name.c_str()), 0);
  while (!sut->renew()) ::poll(nullptr, 0, 1);

  EXPECT_TRUE(sut->try_send(kDatagram));
  EXPECT_EQ(other.read(frame().size()), frame());
  ::unlink(name.c_str());
}

TEST(SecondsOnTheLine, CountStartAndStopBits) {
  // 32 bytes are 39 on the line, of 10 bits each.
  EXPECT_DOUBLE_EQ(seconds_on_the_line(32, {.baud = 1000}), 0.390);
  EXPECT_DOUBLE_EQ(seconds_on_the_line(32, {.baud = 1000, .parity = Parity::even, .stop_bits = 2}),
                   0.468);
}

}  // namespace
}  // namespace takt::bus::serial_test
