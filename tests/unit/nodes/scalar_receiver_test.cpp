// Numbers as datagrams: their bytes, and what a receiver counts.
#include "nodes/sensor/scalar_receiver.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include <takt/bus/simulated.hpp>

#include "nodes/common/scalar_datagram.hpp"

namespace takt::nodes::scalar_receiver_test {
namespace {

TEST(ScalarDatagram, HasTheBytesThatItsHeadSays) {
  const auto bytes = encode({.incarnation = 0x01020304,
                             .sequence = 0x1112131415161718,
                             .stamp_ns = -2,
                             .value = 1.0});  // 0x3ff0000000000000

  constexpr std::array<unsigned, 32> kExpected{'T',  'K',  'T',  '1',  0x04, 0x03, 0x02, 0x01,
                                               0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
                                               0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                               0,    0,    0,    0,    0,    0,    0xf0, 0x3f};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(std::to_integer<unsigned>(bytes[i]), kExpected[i]) << "byte " << i;
  }
}

TEST(ScalarDatagram, ComesBackAsItWasSent) {
  const ScalarDatagram sent{.incarnation = 7,
                            .sequence = std::numeric_limits<std::uint64_t>::max(),
                            .stamp_ns = std::numeric_limits<std::int64_t>::min(),
                            .value = -0.1};

  const auto back = decode(encode(sent));

  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->incarnation, sent.incarnation);
  EXPECT_EQ(back->sequence, sent.sequence);
  EXPECT_EQ(back->stamp_ns, sent.stamp_ns);
  EXPECT_EQ(back->value, sent.value);
}

TEST(ScalarDatagram, OfAnotherSizeOrMagicIsNone) {
  auto bytes = encode({});

  EXPECT_FALSE(decode(std::span(bytes).first(31)).has_value());
  EXPECT_FALSE(decode(std::array<std::byte, 33>{}).has_value());
  bytes[3] = std::byte{'2'};
  EXPECT_FALSE(decode(bytes).has_value());
}

class Receiver : public testing::Test {
 protected:
  void send(std::uint64_t sequence, double value, std::uint32_t incarnation = 1) {
    link_.first().try_send(
        encode({.incarnation = incarnation, .sequence = sequence, .value = value}));
  }
  std::optional<double> newest() { return sut_.newest(link_.second()); }
  void expect_counts(std::uint64_t received, std::uint64_t lost, std::uint64_t wrong) {
    EXPECT_EQ(sut_.link().received, received);
    EXPECT_EQ(sut_.link().lost, lost);
    EXPECT_EQ(sut_.link().wrong, wrong);
  }

  bus::SimulatedLink link_{256};
  ScalarReceiver sut_;
};

TEST_F(Receiver, HasNothingWhenNothingCame) {
  EXPECT_FALSE(newest().has_value());
  expect_counts(0, 0, 0);
}

TEST_F(Receiver, GivesTheNewestOfWhatCame) {
  send(0, 1.0);
  send(1, 2.0);
  send(2, 3.0);

  EXPECT_EQ(newest(), 3.0);
  EXPECT_FALSE(newest().has_value()) << "once";
  expect_counts(3, 0, 0);
}

TEST_F(Receiver, CountsGapsButNotWhatCameBeforeItListened) {
  send(10, 1.0);
  send(13, 2.0);
  send(14, 3.0);

  EXPECT_EQ(newest(), 3.0);
  expect_counts(3, 2, 0);
}

TEST_F(Receiver, DropsWhatIsOlderThanOneBefore) {
  send(5, 1.0);
  send(7, 2.0);
  send(6, 9.0);
  send(7, 9.0);

  EXPECT_EQ(newest(), 2.0);
  expect_counts(2, 1, 2);
}

TEST_F(Receiver, FollowsASenderThatStartsAnew) {
  send(100, 1.0);
  send(3, 2.0, 2);  // Another incarnation; its first ones were lost.
  send(4, 3.0, 2);
  send(0, 4.0, 2);  // The same one from its beginning: a last will.

  EXPECT_EQ(newest(), 4.0);
  expect_counts(4, 0, 0);
}

TEST_F(Receiver, DropsAndCountsWrongDatagrams) {
  send(0, 1.0);
  send(1, std::numeric_limits<double>::quiet_NaN());
  send(1, std::numeric_limits<double>::infinity());
  link_.first().try_send(std::array<std::byte, 3>{});   // Too short.
  link_.first().try_send(std::array<std::byte, 32>{});  // Another magic.
  link_.first().try_send(std::array<std::byte, 64>{});  // Too long.

  EXPECT_EQ(newest(), 1.0);
  expect_counts(1, 0, 5);
}

TEST_F(Receiver, TakesABoundedNumberAndTheRestNextTime) {
  for (std::uint64_t i = 0; i < 100; ++i) send(i, static_cast<double>(i));

  EXPECT_EQ(newest(), ScalarReceiver::kDatagramsMax - 1.0);
  EXPECT_EQ(newest(), 99.0);
  expect_counts(100, 0, 0);
}

TEST_F(Receiver, TakesAsManyAsItIsTold) {
  ScalarReceiver patient(200);
  for (std::uint64_t i = 0; i < 201; ++i) send(i, static_cast<double>(i));

  EXPECT_EQ(patient.newest(link_.second()), 199.0);
  EXPECT_EQ(patient.newest(link_.second()), 200.0);
}

}  // namespace
}  // namespace takt::nodes::scalar_receiver_test
