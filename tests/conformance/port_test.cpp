// What every transport promises (takt/port/port.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include <takt/port/local.hpp>

#include "tests/conformance/transport.hpp"

namespace takt::test {

struct alignas(64) Wide {
  double values[8];
};
TAKT_SAMPLE(Wide, (values));

// 8 MiB.
struct Image {
  std::uint8_t pixels[8U << 20];
};
TAKT_SAMPLE(Image, (pixels));

struct Metres {
  double value;
};
TAKT_SAMPLE(Metres, (value, "m"));

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Local {
  port::LocalHub hub;
  std::unique_ptr<port::Participant> own = hub.join();
  port::Participant* participant = own.get();
};
struct Iceoryx {
  port::Participant* participant = iceoryx_participant();
};

template <typename Transport>
class PortConformance : public testing::Test {
 protected:
  void SetUp() override {
    if (transport_.participant == nullptr) GTEST_SKIP() << why_no_iceoryx();
  }
  // Every test has topics of its own: names of the test itself.
  static port::TopicKey topic() {
    return {testing::UnitTest::GetInstance()->current_test_info()->name(), "out"};
  }
  std::unique_ptr<port::Writer> writer(const Layout& layout = layout_of<Scalar>()) {
    return std::move(transport_.participant->make_writer(topic(), layout)).value();
  }
  std::unique_ptr<port::Reader> reader(std::uint32_t depth,
                                       const Layout& layout = layout_of<Scalar>()) {
    return std::move(transport_.participant->make_reader(topic(), layout, depth)).value();
  }
  static void write(port::Writer& writer, double value, const SampleHeader& header = {}) {
    void* memory = writer.loan();
    ASSERT_NE(memory, nullptr);
    std::memcpy(memory, &value, sizeof value);
    writer.publish(header);
  }
  // Everything in the queue, oldest first.
  static std::vector<double> drain(port::Reader& reader) {
    std::vector<double> values;
    port::Taken taken;
    while (reader.try_take(taken)) {
      values.push_back(*static_cast<const double*>(taken.data));
      reader.drop();
    }
    return values;
  }

  Transport transport_;
};

using Transports = testing::Types<Local, Iceoryx>;
TYPED_TEST_SUITE(PortConformance, Transports);

TYPED_TEST(PortConformance, WritesAreReadInOrder) {
  const auto writer = this->writer();
  const auto reader = this->reader(8);
  for (const double value : {1.0, 2.0, 3.0}) this->write(*writer, value);

  EXPECT_THAT(this->drain(*reader), ElementsAre(1.0, 2.0, 3.0));
  EXPECT_THAT(this->drain(*reader), IsEmpty());
}

TYPED_TEST(PortConformance, AReaderThatIsMadeFirstIsConnectedToo) {
  const auto reader = this->reader(8);
  const auto writer = this->writer();
  this->write(*writer, 1.0);

  EXPECT_THAT(this->drain(*reader), ElementsAre(1.0));
}

TYPED_TEST(PortConformance, AFullQueueDropsItsOldest) {
  const auto writer = this->writer();
  const auto reader = this->reader(3);
  for (const double value : {1.0, 2.0, 3.0, 4.0, 5.0}) this->write(*writer, value);

  EXPECT_THAT(this->drain(*reader), ElementsAre(3.0, 4.0, 5.0));
}

TYPED_TEST(PortConformance, AskingTwiceGivesTheSameMemory) {
  const auto writer = this->writer();
  void* const first = writer->loan();

  EXPECT_NE(first, nullptr);
  EXPECT_EQ(writer->loan(), first);
}

TYPED_TEST(PortConformance, DiscardSendsNothingAndPublishWithoutALoanNeither) {
  const auto writer = this->writer();
  const auto reader = this->reader(8);
  ASSERT_NE(writer->loan(), nullptr);
  writer->discard();
  writer->publish({});
  this->write(*writer, 2.0);

  EXPECT_THAT(this->drain(*reader), ElementsAre(2.0));
}

TYPED_TEST(PortConformance, AKeptSampleStaysWhileMoreThanEveryChunkPassesBy) {
  const auto writer = this->writer();
  const auto reader = this->reader(2);
  this->write(*writer, 7.0);
  port::Taken kept;
  ASSERT_TRUE(reader->try_take(kept));
  reader->keep();
  const auto* value = static_cast<const double*>(kept.data);

  for (int i = 0; i < 2000; ++i) {
    this->write(*writer, 100.0 + i);
    if (i % 3 == 0) this->drain(*reader);
  }

  EXPECT_EQ(*value, 7.0);
  this->drain(*reader);
  this->write(*writer, 8.0);
  ASSERT_TRUE(reader->try_take(kept));
  reader->keep();
  EXPECT_EQ(*static_cast<const double*>(kept.data), 8.0);
}

TYPED_TEST(PortConformance, TheHeaderTravels) {
  const auto writer = this->writer();
  const auto reader = this->reader(8);
  this->write(*writer, 1.0, {3, -4, 5, 6});

  port::Taken taken;
  ASSERT_TRUE(reader->try_take(taken));
  EXPECT_EQ(taken.header->sequence, 3U);
  EXPECT_EQ(taken.header->publish_ns, -4);
  EXPECT_EQ(taken.header->origin_ns, 5);
  EXPECT_EQ(taken.header->incarnation, 6U);
  reader->drop();
}

TYPED_TEST(PortConformance, AnotherLayoutIsNeverConnected) {
  const auto writer = this->writer(layout_of<Scalar>());
  const auto same = this->reader(8, layout_of<Scalar>());
  const auto other = this->reader(8, layout_of<Metres>());  // Same bytes, another name and unit.
  this->write(*writer, 1.0);

  EXPECT_THAT(this->drain(*same), ElementsAre(1.0));
  EXPECT_THAT(this->drain(*other), IsEmpty());
}

TYPED_TEST(PortConformance, PayloadsLieAtTheirAlignment) {
  const auto writer = this->writer(layout_of<Wide>());
  const auto reader = this->reader(4, layout_of<Wide>());
  for (int i = 0; i < 5; ++i) {
    void* const memory = writer->loan();
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0U);
    std::memset(memory, 0, sizeof(Wide));
    writer->publish({});
    port::Taken taken;
    ASSERT_TRUE(reader->try_take(taken));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(taken.data) % 64, 0U);
    reader->keep();
  }
}

TYPED_TEST(PortConformance, ASampleOf8MiBArrivesWhole) {
  const auto writer = this->writer(layout_of<Image>());
  const auto reader = this->reader(1, layout_of<Image>());
  auto* const image = static_cast<Image*>(writer->loan());
  ASSERT_NE(image, nullptr);
  for (std::size_t i = 0; i < sizeof image->pixels; ++i) {
    image->pixels[i] = static_cast<std::uint8_t>(i * 7 + (i >> 12));
  }
  writer->publish({});

  port::Taken taken;
  ASSERT_TRUE(reader->try_take(taken));
  const auto& got = *static_cast<const Image*>(taken.data);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < sizeof got.pixels; ++i) {
    if (got.pixels[i] != static_cast<std::uint8_t>(i * 7 + (i >> 12))) ++wrong;
  }
  reader->drop();
  EXPECT_EQ(wrong, 0U);
}

TYPED_TEST(PortConformance, TwoReadersGetEverySampleEachWithItsOwnQueue) {
  const auto writer = this->writer();
  const auto wide = this->reader(8);
  const auto narrow = this->reader(1);
  for (const double value : {1.0, 2.0, 3.0}) this->write(*writer, value);

  EXPECT_THAT(this->drain(*wide), ElementsAre(1.0, 2.0, 3.0));
  EXPECT_THAT(this->drain(*narrow), ElementsAre(3.0));
}

TYPED_TEST(PortConformance, ALateReaderSeesNothingOld) {
  const auto writer = this->writer();
  this->write(*writer, 1.0);
  const auto reader = this->reader(8);
  EXPECT_THAT(this->drain(*reader), IsEmpty());

  this->write(*writer, 2.0);
  EXPECT_THAT(this->drain(*reader), ElementsAre(2.0));
}

TYPED_TEST(PortConformance, AReaderThatLeavesHoldsNoSampleBack) {
  const auto writer = this->writer();
  for (int round = 0; round < 600; ++round) {  // More rounds than there are chunks.
    const auto reader = this->reader(2);
    this->write(*writer, 1.0);
    this->write(*writer, 2.0);
    port::Taken taken;
    ASSERT_TRUE(reader->try_take(taken)) << round;
    reader->keep();
    if (round > 8 && std::is_same_v<TypeParam, Iceoryx>) break;  // RouDi frees ports at its pace.
  }
  this->write(*writer, 3.0);
}

}  // namespace
}  // namespace takt::test
