// What every datagram channel promises (takt/bus/datagram.hpp).
//
//   near --datagrams--> far
//   near <--datagrams-- far
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <takt/bus/serial.hpp>
#include <takt/bus/simulated.hpp>
#include <takt/bus/udp.hpp>

#include "tests/support/allocation_guard.hpp"
#include "tests/support/pseudo_terminal.hpp"

namespace takt::test {
namespace {

using bus::Received;

constexpr unsigned kPatienceSeconds = 30;
constexpr std::size_t kFlood = 20'000;  // More than any queue holds.

struct Simulated {
  static constexpr bool kArrivesAtOnce = true;
  bus::SimulatedLink link;
  bus::DatagramChannel& near = link.first();
  bus::DatagramChannel& far = link.second();
};

// Two sockets of this machine that send to each other.
class Udp {
 public:
  Udp() : ends_(open()) {}

 private:
  struct Ends {
    std::unique_ptr<bus::UdpChannel> near, far;
  };
  static Ends open() {
    // The far end learns the near one's port from a socket that is closed before it is taken.
    auto first = bus::UdpChannel::open({});
    EXPECT_TRUE(first.ok()) << first.error().text();
    const std::uint16_t port = (*first)->local_port();
    first->reset();
    auto second = bus::UdpChannel::open({.remote_port = port});
    EXPECT_TRUE(second.ok()) << second.error().text();
    first = bus::UdpChannel::open({.remote_port = (*second)->local_port(), .local_port = port});
    EXPECT_TRUE(first.ok()) << first.error().text();
    return {std::move(*first), std::move(*second)};
  }
  Ends ends_;

 public:
  static constexpr bool kArrivesAtOnce = true;
  bus::DatagramChannel& near = *ends_.near;
  bus::DatagramChannel& far = *ends_.far;
};

// The device end of a pseudo-terminal and the other one. The kernel hands on by and by.
class Serial {
 public:
  static constexpr bool kArrivesAtOnce = false;

 private:
  static std::unique_ptr<bus::SerialChannel> opened(
      Result<std::unique_ptr<bus::SerialChannel>> channel) {
    EXPECT_TRUE(channel.ok()) << channel.error().text();
    return std::move(*channel);
  }
  PseudoTerminal cable_;
  std::unique_ptr<bus::SerialChannel> near_ =
      opened(bus::SerialChannel::open({.device = cable_.device()}));
  std::unique_ptr<bus::SerialChannel> far_ = opened(bus::SerialChannel::over(cable_.take_end()));

 public:
  bus::DatagramChannel& near = *near_;
  bus::DatagramChannel& far = *far_;
};

template <typename Channels>
class DatagramConformance : public testing::Test {
 protected:
  DatagramConformance() { ::alarm(kPatienceSeconds); }
  ~DatagramConformance() override { ::alarm(0); }

  static std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
  }
  // What has been sent and arrives, once it is there.
  static Received receive(bus::DatagramChannel& channel, std::span<std::byte> memory) {
    for (;;) {
      const Received got = channel.try_receive(memory);
      if (Channels::kArrivesAtOnce || got.what != Received::What::nothing) return got;
      ::poll(nullptr, 0, 1);  // The watchdog ends it.
    }
  }
  // What is received; "-" when nothing is there, "!" when it was dropped.
  std::string take(bus::DatagramChannel& channel, std::size_t memory = 64) {
    std::array<char, bus::kDatagramBytesMax> text{};
    const Received got = receive(channel, std::as_writable_bytes(std::span(text).first(memory)));
    if (got.what == Received::What::nothing) return "-";
    if (got.what == Received::What::dropped) return "!";
    return {text.data(), got.size};
  }
  // Whether nothing is left now.
  bool is_empty(bus::DatagramChannel& channel) {
    std::array<std::byte, 64> memory{};
    return channel.try_receive(memory).what == Received::What::nothing;
  }

  Channels channels_;
  bus::DatagramChannel& near_ = channels_.near;
  bus::DatagramChannel& far_ = channels_.far;
};

using Implementations = testing::Types<Simulated, Udp, Serial>;
TYPED_TEST_SUITE(DatagramConformance, Implementations);

TYPED_TEST(DatagramConformance, HasNothingBeforeAnythingWasSent) {
  EXPECT_TRUE(this->is_empty(this->far_));
  EXPECT_EQ(this->far_.counters().received, 0U);
}

TYPED_TEST(DatagramConformance, KeepsOrderAndBorders) {
  EXPECT_TRUE(this->near_.try_send(this->bytes("one")));
  EXPECT_TRUE(this->near_.try_send(this->bytes("second")));

  EXPECT_EQ(this->take(this->far_), "one");
  EXPECT_EQ(this->take(this->far_), "second");
  EXPECT_TRUE(this->is_empty(this->far_));
  EXPECT_EQ(this->near_.counters().sent, 2U);
  EXPECT_EQ(this->far_.counters().received, 2U);
}

TYPED_TEST(DatagramConformance, CarriesBothWaysAtOnce) {
  this->near_.try_send(this->bytes("there"));
  this->far_.try_send(this->bytes("back"));

  EXPECT_EQ(this->take(this->near_), "back");
  EXPECT_EQ(this->take(this->far_), "there");
}

TYPED_TEST(DatagramConformance, CarriesTheLongestDatagramWhole) {
  const std::string longest(bus::kDatagramBytesMax, 'x');

  EXPECT_TRUE(this->near_.try_send(this->bytes(longest)));

  EXPECT_EQ(this->take(this->far_, bus::kDatagramBytesMax), longest);
}

TYPED_TEST(DatagramConformance, RefusesAndCountsWhatIsEmptyOrTooLong) {
  EXPECT_FALSE(this->near_.try_send({}));
  EXPECT_FALSE(this->near_.try_send(this->bytes(std::string(bus::kDatagramBytesMax + 1, 'x'))));

  EXPECT_EQ(this->near_.counters().refused, 2U);
  EXPECT_EQ(this->near_.counters().sent, 0U);
  EXPECT_TRUE(this->is_empty(this->far_));
}

TYPED_TEST(DatagramConformance, DropsAndCountsWhatDoesNotFitAndGoesOnBehindIt) {
  this->near_.try_send(this->bytes("long one"));
  this->near_.try_send(this->bytes("good"));

  EXPECT_EQ(this->take(this->far_, 4), "!");
  EXPECT_EQ(this->take(this->far_, 4), "good");
  EXPECT_EQ(this->far_.counters().dropped, 1U);
  EXPECT_EQ(this->far_.counters().received, 1U);
}

TYPED_TEST(DatagramConformance, NeverWaitsForAReceiverThatDoesNotReceive) {
  for (std::size_t i = 0; i < kFlood; ++i) {
    this->near_.try_send(std::as_bytes(std::span(&i, 1)));  // The watchdog ends a wait.
  }

  // What was kept is the beginning, in order and without a gap.
  std::size_t expected = 0, value = 0;
  while (this->far_.try_receive(std::as_writable_bytes(std::span(&value, 1))).what ==
         Received::What::datagram) {
    ASSERT_EQ(value, expected++);
  }
  EXPECT_GT(expected, 0U);
  EXPECT_LT(expected, kFlood) << "nothing was lost: the test floods nothing";
  EXPECT_EQ(this->near_.counters().sent + this->near_.counters().refused, kFlood);
  EXPECT_EQ(this->far_.counters().received, expected);
}

TYPED_TEST(DatagramConformance, SendsAndReceivesWithoutTheHeap) {
  const std::uint64_t value = 7;
  std::array<std::byte, 64> memory{};
  const AllocationGuard sut;

  for (int i = 0; i < 100; ++i) {
    this->near_.try_send(std::as_bytes(std::span(&value, 1)));
    this->receive(this->far_, memory);
    this->far_.try_receive(memory);
  }

  EXPECT_EQ(sut.calls(), 0U);
  EXPECT_EQ(this->far_.counters().received, 100U);
}

TEST(SimulatedLink, RefusesSendsOnRequest) {
  bus::SimulatedLink sut;
  const std::array<std::byte, 1> datagram{};

  sut.refuse_sends(ENOBUFS);
  EXPECT_FALSE(sut.first().try_send(datagram));
  EXPECT_EQ(sut.first().last_errno(), ENOBUFS);
  sut.refuse_sends(0);
  EXPECT_TRUE(sut.first().try_send(datagram));

  EXPECT_EQ(sut.first().counters().refused, 1U);
  EXPECT_EQ(sut.first().last_errno(), 0);
}

TEST(UdpChannel, SendsEveryDatagramAlsoWhileNobodyListens) {
  auto listener = bus::UdpChannel::open({});
  ASSERT_TRUE(listener.ok()) << listener.error().text();
  const std::uint16_t port = (*listener)->local_port();
  auto sut = bus::UdpChannel::open({.remote_port = port});
  ASSERT_TRUE(sut.ok()) << sut.error().text();
  const std::array<std::byte, 4> datagram{};
  std::array<std::byte, 4> memory{};

  listener->reset();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE((*sut)->try_send(datagram));
  listener = bus::UdpChannel::open({.local_port = port});
  ASSERT_TRUE(listener.ok()) << listener.error().text();

  // The very first one after the listener is back arrives.
  EXPECT_TRUE((*sut)->try_send(datagram));
  EXPECT_EQ((*listener)->try_receive(memory).what, Received::What::datagram);
}

TEST(UdpChannel, BindsToLoopbackUnlessAnAddressIsGiven) {
  auto sut = bus::UdpChannel::open({});
  ASSERT_TRUE(sut.ok());
  auto other =
      bus::UdpChannel::open({.local_address = "127.0.0.2", .local_port = (*sut)->local_port()});

  // It would be taken if the first one had every address.
  EXPECT_TRUE(other.ok()) << other.error().text();
}

TEST(UdpChannel, WithoutARemotePortRefusesToSend) {
  auto sut = bus::UdpChannel::open({});
  ASSERT_TRUE(sut.ok());

  EXPECT_FALSE((*sut)->try_send(std::array<std::byte, 1>{}));
  EXPECT_EQ((*sut)->last_errno(), EDESTADDRREQ);
}

TEST(UdpChannel, SpeaksIpv6WhereTheMachineDoes) {
  auto near = bus::UdpChannel::open({.remote_address = "::1", .remote_port = 9});
  auto far = bus::UdpChannel::open({.local_address = "::1"});
  if (!far) {  // A kernel without it says so.
    EXPECT_TRUE(far.error().errno_value == EADDRNOTAVAIL || far.error().errno_value == EAFNOSUPPORT)
        << far.error().text();
    return;
  }
  ASSERT_TRUE(near.ok()) << near.error().text();
  near = bus::UdpChannel::open({.remote_address = "::1", .remote_port = (*far)->local_port()});
  ASSERT_TRUE(near.ok()) << near.error().text();
  std::array<std::byte, 4> memory{};

  EXPECT_TRUE((*near)->try_send(memory));
  EXPECT_EQ((*far)->try_receive(memory).what, Received::What::datagram);
}

// The message of an opening that must fail.
std::string refusal(const bus::UdpOptions& options) {
  auto sut = bus::UdpChannel::open(options);
  return sut.ok() ? "it was opened" : sut.error().text();
}

TEST(UdpChannel, SaysWhatIsWrongWithItsAddresses) {
  auto taken = bus::UdpChannel::open({});
  ASSERT_TRUE(taken.ok());

  EXPECT_NE(refusal({.remote_address = "localhost", .remote_port = 1})
                .find("'localhost' is not a numeric address; write it as in 127.0.0.1"),
            std::string::npos);
  EXPECT_NE(refusal({.remote_address = "::1", .remote_port = 1, .local_address = "127.0.0.1"})
                .find("addresses of two families"),
            std::string::npos);
  EXPECT_NE(refusal({.remote_address = "192.0.2.1", .remote_port = 9, .local_port = 7777})
                .find("cannot be reached from '127.0.0.1'"),
            std::string::npos);
  EXPECT_NE(refusal({.local_address = "192.0.2.1"}).find("this machine does not have this address"),
            std::string::npos);
  EXPECT_NE(refusal({.local_port = (*taken)->local_port()}).find("another program has this port"),
            std::string::npos);
}

}  // namespace
}  // namespace takt::test
