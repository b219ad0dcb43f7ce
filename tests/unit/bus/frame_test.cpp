// Frames on a stream of bytes: what they look like, and everything that can happen to them.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <takt/bus/frame.hpp>

namespace takt::bus::frame_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string frame_of(std::string_view datagram) {
  std::array<std::byte, kFrameBytesMax> frame{};
  const std::size_t size = encode_frame(bytes_of(datagram), frame);
  return {reinterpret_cast<const char*>(frame.data()), size};
}

// A decoder and what it has found so far.
struct Listener {
  FrameDecoder sut;
  std::vector<std::string> frames;
  int bad = 0;

  void hear(std::string_view text) {
    for (auto rest = bytes_of(text);;) {
      const auto found = sut.take(rest);
      if (found == FrameDecoder::Found::nothing) return;
      const auto datagram = sut.datagram();
      if (found == FrameDecoder::Found::bad) {
        ++bad;
      } else {
        frames.emplace_back(reinterpret_cast<const char*>(datagram.data()), datagram.size());
      }
    }
  }
};

std::string all_byte_values(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i % 256);
  return text;
}

TEST(Crc32, HasTheCheckValueOfItsCatalogue) {
  EXPECT_EQ(crc32(bytes_of("123456789")), 0xcbf43926U);
  EXPECT_EQ(crc32({}), 0U);
}

// By hand: CRC-32 of one zero byte is 0xd202ef8d.
TEST(Frame, HasTheBytesThatItsHeadSays) {
  EXPECT_EQ(frame_of(std::string(1, '\0')), std::string("\0\x01\x05\x8d\xef\x02\xd2\0", 8));
}

TEST(Frame, HoldsNoZeroBetweenItsBorders) {
  const std::string frame = frame_of(all_byte_values(1000));

  EXPECT_EQ(frame.find('\0', 1), frame.size() - 1);
  EXPECT_EQ(frame.front(), '\0');
}

TEST(Frame, ComesBackWhateverItsLengthAndNeverGrowsBeyondItsBound) {
  for (std::size_t size = 1; size <= kDatagramBytesMax; ++size) {
    for (const std::string& datagram : {all_byte_values(size), std::string(size, '\0'),
                                        std::string(size, 'x'), std::string(size, '\xff')}) {
      Listener listener;
      const std::string frame = frame_of(datagram);
      listener.hear(frame);
      ASSERT_THAT(listener.frames, ElementsAre(datagram)) << size;
      ASSERT_EQ(listener.bad, 0) << size;
      ASSERT_LE(frame.size(), frame_bytes(size));
    }
  }
}

TEST(Decoder, FindsTwoFramesInOnePiece) {
  Listener listener;
  listener.hear(frame_of("one") + frame_of("two"));

  EXPECT_THAT(listener.frames, ElementsAre("one", "two"));
  EXPECT_EQ(listener.bad, 0);
}

TEST(Decoder, FindsFramesThatComeOneByteAtATime) {
  Listener listener;
  for (const char byte : frame_of("one") + frame_of(all_byte_values(600)) + frame_of("two")) {
    listener.hear({&byte, 1});
  }

  EXPECT_THAT(listener.frames, ElementsAre("one", all_byte_values(600), "two"));
  EXPECT_EQ(listener.bad, 0);
}

TEST(Decoder, SharesABorderBetweenTwoFrames) {
  const std::string second = frame_of("two");
  Listener listener;
  listener.hear(frame_of("one") + second.substr(1));

  EXPECT_THAT(listener.frames, ElementsAre("one", "two"));
}

TEST(Decoder, NeverTakesAFrameWithOneWrongBit) {
  const std::string whole = frame_of("a datagram with\0zeros" + all_byte_values(32));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string broken = whole;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
    Listener listener;
    listener.hear(std::string(1, '\0') + broken + frame_of("behind"));

    ASSERT_THAT(listener.frames, testing::Contains("behind")) << bit;
    ASSERT_EQ(listener.frames.size(), 1U) << bit;
    ASSERT_GE(listener.bad, 1) << bit;
  }
}

TEST(Decoder, NeverTakesAFrameThatWasCutAndFindsTheOneBehindIt) {
  const std::string whole = frame_of(all_byte_values(300));
  for (std::size_t kept = 2; kept < whole.size() - 1; ++kept) {
    Listener listener;
    listener.hear(whole.substr(0, kept) + frame_of("behind"));

    ASSERT_THAT(listener.frames, ElementsAre("behind")) << kept;
    ASSERT_EQ(listener.bad, 1) << kept;
  }
}

TEST(Decoder, LosesNoFrameBehindGarbage) {
  const std::string garbage = "\x7f no frame \xff\x01\x02";
  Listener listener;
  listener.hear(frame_of("one") + garbage + frame_of("two") + garbage + garbage +
                frame_of("three"));

  EXPECT_THAT(listener.frames, ElementsAre("one", "two", "three"));
  EXPECT_EQ(listener.bad, 2);
}

TEST(Decoder, CountsAFrameOnceThatLostAByteOrGotOneMore) {
  const std::string whole = frame_of("datagram");
  for (std::size_t at = 1; at + 1 < whole.size(); ++at) {
    Listener lost, more;
    lost.hear(std::string(whole).erase(at, 1) + frame_of("behind"));
    more.hear(std::string(whole).insert(at, 1, 'x') + frame_of("behind"));

    EXPECT_THAT(lost.frames, ElementsAre("behind"));
    EXPECT_THAT(more.frames, ElementsAre("behind"));
    EXPECT_EQ(lost.bad, 1);
    EXPECT_EQ(more.bad, 1);
  }
}

TEST(Decoder, SurvivesAStreamWithoutABorder) {
  Listener listener;
  listener.hear(std::string(1, '\0') + std::string(1'000'000, 'x') + frame_of("behind"));

  EXPECT_THAT(listener.frames, ElementsAre("behind"));
  EXPECT_EQ(listener.bad, 1);
}

TEST(Decoder, RefusesADatagramThatIsTooLongOrEmpty) {
  // The CRC of nothing alone, and the longest datagram with two bytes more in its last block.
  Listener listener;
  listener.hear(std::string("\0\x01\x01\x01\x01\x01\0", 7));
  std::string longer = frame_of(std::string(kDatagramBytesMax, 'x'));
  longer.insert(1, "\xff" + std::string(254, 'x'));
  listener.hear(longer);

  EXPECT_THAT(listener.frames, IsEmpty());
  EXPECT_EQ(listener.bad, 2);
}

TEST(Decoder, PassesOverTheEndOfAFrameWhoseBeginningItHasNotSeen) {
  Listener listener;
  listener.hear(frame_of("missed").substr(4) + frame_of("one"));

  EXPECT_THAT(listener.frames, ElementsAre("one"));
  EXPECT_EQ(listener.bad, 0);
}

TEST(Decoder, ForgetsWhatItHasBegunWhenTheStreamIsAnother) {
  Listener listener;
  listener.hear(frame_of("first").substr(0, 5));
  listener.sut.restart();
  listener.hear(frame_of("second"));

  EXPECT_THAT(listener.frames, ElementsAre("second"));
  EXPECT_EQ(listener.bad, 0);
}

}  // namespace
}  // namespace takt::bus::frame_test
