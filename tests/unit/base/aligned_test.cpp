#include <array>
#include <cstring>

#include <gtest/gtest.h>

#include <takt/base/aligned.hpp>

namespace takt {
namespace {

TEST(AlignedAs, ShowsTheObjectThatLiesThere) {
  alignas(8) std::array<std::byte, 16> memory{};
  const std::uint64_t value = 0x0123456789abcdef;
  std::memcpy(memory.data() + 8, &value, sizeof value);

  EXPECT_EQ(*aligned_as<std::uint64_t>(memory.data() + 8), value);
  EXPECT_EQ(*aligned_as<const std::uint64_t>(std::as_const(memory).data() + 8), value);
  EXPECT_EQ(aligned_as<std::uint64_t>(static_cast<std::byte*>(nullptr)), nullptr);
}

TEST(AlignedAsDeathTest, EndsTheProcessAtAnAddressThatDoesNotSuit) {
  alignas(8) std::array<std::byte, 16> memory{};

  EXPECT_DEATH(aligned_as<std::uint64_t>(memory.data() + 4), "alignof");
}

}  // namespace
}  // namespace takt
