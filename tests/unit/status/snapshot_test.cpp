#include <cstring>
#include <memory>

#include <gtest/gtest.h>

#include <takt/status/snapshot.hpp>

namespace takt {
namespace {

constexpr std::uint32_t kSize = 20;

struct Snapshot : testing::Test {
  // In words, which are aligned for a page.
  std::unique_ptr<std::uint64_t[]> memory =
      std::make_unique<std::uint64_t[]>(SnapshotPage::bytes_for(kSize) / 8 + 1);
  SnapshotPage& sut = *reinterpret_cast<SnapshotPage*>(memory.get());
  Snapshot() { sut.size = kSize; }

  void write(char c) {
    char state[kSize];
    std::memset(state, c, kSize);
    sut.write(state);
  }
  std::string read() const {
    char state[kSize];
    return sut.read(state) ? std::string(state, kSize) : "";
  }
};

TEST_F(Snapshot, HoldsNothingAtFirst) { EXPECT_EQ(read(), ""); }

TEST_F(Snapshot, GivesTheNewest) {
  write('a');
  EXPECT_EQ(read(), std::string(kSize, 'a'));
  write('b');
  write('c');
  EXPECT_EQ(read(), std::string(kSize, 'c'));
}

// A death in the middle of a write: the copy is torn, its turn is not counted.
TEST_F(Snapshot, GivesTheOneBeforeWhenAWriteWasNotFinished) {
  write('a');
  write('b');
  const std::uint64_t turns = sut.turns.load();
  write('x');
  sut.turns.store(turns);

  EXPECT_EQ(read(), std::string(kSize, 'b'));
}

}  // namespace
}  // namespace takt
