// The accounting of chunks, over memory that is damaged on purpose.
#include <cstdlib>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/port/iceoryx/broker.hpp"
#include "runtime/port/iceoryx/healing.hpp"
#include "runtime/port/iceoryx/opened.hpp"

namespace takt::test {
namespace {

using namespace port::opened;

// Ports and chunks as RouDi makes them, in plain memory: 16 chunks of which 2 are spare, and 512
// that nobody uses.
class Census : public testing::Test {
 protected:
  Census() {
    config_.addMemPool({8, 512});
    config_.addMemPool({64, 16});
    memory_.configureMemoryManager(config_, management_, chunks_);
    auto added = pool_.addPublisherPort({"s", "i", "e"}, &memory_, "writer", {});
    writer_.emplace(added.value());
    healing_.emplace(pool_, memory_, std::vector<std::uint32_t>{0, 2});
  }

  // A chunk that the writer has on loan; its number.
  std::uint32_t loan() {
    auto got = writer_->tryAllocateChunk(64, 8, 0, 1);
    EXPECT_FALSE(got.has_error());
    const auto* start = static_cast<const std::uint8_t*>((pool().*member(PoolMemory{})).get());
    const auto* chunk = reinterpret_cast<const std::uint8_t*>(got.value());
    return static_cast<std::uint32_t>(chunk - start) / pool().getChunkSize();
  }
  // A chunk that its owner forgot.
  void lose() {
    auto got =
        memory_.getChunk(iox::mepoo::ChunkSettings::create(64, 8, iox::CHUNK_NO_USER_HEADER_SIZE,
                                                           iox::CHUNK_NO_USER_HEADER_ALIGNMENT)
                             .value());
    ASSERT_FALSE(got.has_error());
    got.value().release();
  }
  Pool& pool() { return (memory_.*member(Pools{}))[1]; }
  FreeList& free_list() { return pool().*member(PoolFree{}); }

  static constexpr std::size_t kBytes = 1U << 20;
  std::unique_ptr<std::uint8_t[]> room_ = std::make_unique<std::uint8_t[]>(2 * kBytes);
  iox::posix::Allocator management_{room_.get(), kBytes};
  iox::posix::Allocator chunks_{room_.get() + kBytes, kBytes};
  iox::mepoo::MePooConfig config_;
  iox::mepoo::MemoryManager memory_;
  std::unique_ptr<iox::roudi::PortPoolData> ports_ = std::make_unique<iox::roudi::PortPoolData>();
  iox::roudi::PortPool pool_{*ports_};
  std::optional<iox::PublisherPortUserType> writer_;
  std::optional<port::Healing> healing_;
};

TEST_F(Census, FindsNothingInAWholeWorld) {
  loan();
  const port::Leaks leaks = healing_->count_leaks();

  EXPECT_EQ(leaks.lost, 0U);
  EXPECT_EQ(leaks.failure, nullptr);
}

TEST_F(Census, CountsALostChunkOnce) {
  lose();
  loan();
  EXPECT_EQ(healing_->count_leaks().lost, 1U);
  lose();
  const port::Leaks leaks = healing_->count_leaks();

  EXPECT_EQ(leaks.lost, 1U);
  EXPECT_EQ(leaks.lost_ever, 2U);
  EXPECT_EQ(leaks.failure, nullptr);
}

TEST_F(Census, RefusesMoreLossesThanThereAreSpareChunks) {
  for (int i = 0; i < 3; ++i) lose();

  EXPECT_STREQ(healing_->count_leaks().failure,
               "the spare chunks of a size class are used up by leaks");
}

TEST_F(Census, RefusesAChunkThatIsFreeAndInUse) {
  free_list().push(loan());  // As a second owner's release would.

  EXPECT_STREQ(healing_->count_leaks().failure, "a chunk is free and in use at once");
}

TEST_F(Census, RefusesAListOfFreeChunksThatRunsInACircle) {
  auto* next = (free_list().*member(FreeNext{})).get();
  const auto head = (free_list().*member(FreeHead{})).load().indexToNextFreeIndex;
  next[next[head]] = head;

  EXPECT_STREQ(healing_->count_leaks().failure, "a list of free chunks runs in a circle");
}

TEST_F(Census, RefusesWhenManagementChunksRunOut) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_NE((memory_.*member(ManagementPool{})).front().getChunk(), nullptr);
  }

  EXPECT_STREQ(healing_->count_leaks().failure, "the spare management chunks are used up");
}

}  // namespace
}  // namespace takt::test
