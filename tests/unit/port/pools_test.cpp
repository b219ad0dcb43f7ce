// The size classes of shared memory that a set of topics needs.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include <takt/port/world.hpp>
#include <takt/sample/sample.hpp>

namespace takt::port {
namespace {

constexpr std::uint32_t kHeaders = sizeof(SampleHeader);

TEST(PoolPlan, StartsWithTheGuardAndKeepsItAloneWithoutTopics) {
  const auto sut = plan_pools({}, 2);

  ASSERT_TRUE(sut.ok());
  ASSERT_EQ(sut->size(), 1U);
  EXPECT_EQ(sut->at(0).payload, 8U);
}

TEST(PoolPlan, HasAtMost31ClassesThatKeepEveryChunkAndGrow) {
  std::mt19937_64 random(7);
  std::vector<TopicDemand> topics;
  std::uint64_t wanted = 0;
  for (int i = 0; i < 300; ++i) {
    const auto size = static_cast<std::uint32_t>(8U << (random() % 16)) +
                      static_cast<std::uint32_t>(random() % 64) * 8;
    topics.push_back({size, 8, static_cast<std::uint32_t>(1 + random() % 20)});
    wanted += topics.back().chunks;
  }

  const auto sut = plan_pools(topics, 0);

  ASSERT_TRUE(sut.ok());
  ASSERT_LE(sut->size(), 32U);
  ASSERT_GT(sut->size(), 16U);
  std::uint64_t planned = 0;
  for (std::size_t i = 1; i < sut->size(); ++i) {
    planned += sut->at(i).count;
    EXPECT_GT(sut->at(i).payload, sut->at(i - 1).payload);
    EXPECT_EQ(sut->at(i).payload % 8, 0U);
  }
  EXPECT_EQ(planned, wanted);
}

// iceoryx takes the smallest class that a sample fits: every topic must find its chunks there.
TEST(PoolPlan, EveryTopicFindsItsChunksInTheSmallestClassThatFits) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 50; ++round) {
    std::vector<TopicDemand> topics;
    for (int i = 0; i < 60; ++i) {
      const auto align = static_cast<std::uint32_t>(8U << (random() % 4));
      topics.push_back({static_cast<std::uint32_t>(8 + random() % 100'000), align, 3});
    }

    const auto sut = plan_pools(topics, 1);

    ASSERT_TRUE(sut.ok());
    std::map<std::uint32_t, std::uint32_t> used;
    for (const TopicDemand& topic : topics) {
      const std::uint32_t needed = topic.size + kHeaders + topic.align;
      const auto fits = std::find_if(sut->begin(), sut->end(), [&](const PoolPlan& pool) {
        return pool.payload >= needed;
      });
      ASSERT_NE(fits, sut->end());
      used[fits->payload] += topic.chunks;
    }
    for (const PoolPlan& pool : *sut) {
      if (pool.payload == sut->front().payload) continue;  // The guard.
      EXPECT_EQ(pool.count, used[pool.payload] + 1);
    }
  }
}

TEST(PoolPlan, AddsTheLeakBudgetToEveryClass) {
  const auto without = plan_pools({{8, 8, 10}, {1000, 8, 10}}, 0);
  const auto with = plan_pools({{8, 8, 10}, {1000, 8, 10}}, 6);

  ASSERT_EQ(without->size(), 3U);
  EXPECT_EQ(with->at(1).count, without->at(1).count + 6);
  EXPECT_EQ(with->at(2).count, without->at(2).count + 6);
  EXPECT_EQ(with->at(0).count, without->at(0).count);
}

TEST(PoolPlan, RefusesAClassOf4GiBAndTakesOneJustBelow) {
  constexpr std::uint32_t kMiB = 1U << 20;

  EXPECT_TRUE(plan_pools({{1024 * kMiB, 8, 3}}, 0).ok());
  const auto refused = plan_pools({{1024 * kMiB, 8, 4}}, 0);

  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text().find("4 GiB"), std::string::npos);
}

}  // namespace
}  // namespace takt::port
