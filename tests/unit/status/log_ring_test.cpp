#include <takt/status/log_ring.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace takt {
namespace {

struct LogRingTest : testing::Test {
  std::unique_ptr<LogRing> sut = std::make_unique<LogRing>();
  std::uint64_t next = 0;
  std::uint64_t missed = 0;

  std::vector<std::string> read() {
    std::vector<std::string> lines;
    next = sut->read(
        next, [&](const LogRecord& record) { lines.push_back(record.line()); }, missed);
    return lines;
  }
};

TEST_F(LogRingTest, AnEmptyRingHasNoLines) {
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(missed, 0U);
}

TEST_F(LogRingTest, NumbersTakeThePlacesOfBracesInOrder) {
  sut->write(LogLevel::warning, 5, "{} A is above {} A, {} left", {1.5, 2.0});

  EXPECT_EQ(read(), std::vector<std::string>{"1.5 A is above 2 A, {} left"});
}

TEST_F(LogRingTest, ALineIsReadOnce) {
  sut->write(LogLevel::info, 5, "once", {});
  read();

  EXPECT_TRUE(read().empty());
}

TEST_F(LogRingTest, ALongTextIsCut) {
  sut->write(LogLevel::info, 5, std::string(500, 'x'), {});

  EXPECT_EQ(read().at(0), std::string(kLogTextMax, 'x'));
}

TEST_F(LogRingTest, ControlCharactersDoNotReachTheTerminal) {
  sut->write(LogLevel::info, 5, "a\x1b[2J\nb", {});

  EXPECT_EQ(read().at(0), "a[2Jb");
}

TEST_F(LogRingTest, MoreThanABurstIsCountedAsSuppressedNotKept) {
  for (unsigned i = 0; i < kLogBurst + 5; ++i) sut->write(LogLevel::info, 7, "again", {});

  EXPECT_EQ(read().size(), kLogBurst);
  EXPECT_EQ(sut->suppressed(), 5U);
}

TEST_F(LogRingTest, OneLineIsAllowedAgainAfterEachPause) {
  for (unsigned i = 0; i < kLogBurst; ++i) sut->write(LogLevel::info, 0, "burst", {});
  read();
  sut->write(LogLevel::info, kLogPauseNs - 1, "too early", {});
  sut->write(LogLevel::info, kLogPauseNs, "in time", {});
  sut->write(LogLevel::info, kLogPauseNs, "too early", {});

  EXPECT_EQ(read(), std::vector<std::string>{"in time"});
}

TEST_F(LogRingTest, WhatWasOverwrittenIsCountedAsMissed) {
  for (unsigned i = 0; i < kLogRecords + 3; ++i) {
    sut->write(LogLevel::info, std::int64_t{i} * kLogPauseNs, "{}", {double(i)});
  }

  const auto lines = read();
  ASSERT_EQ(lines.size(), kLogRecords);
  EXPECT_EQ(lines.front(), "3");
  EXPECT_EQ(missed, 3U);
}

TEST_F(LogRingTest, AReaderBesideAWriterSeesWholeLinesInOrder) {
  constexpr unsigned kLines = 20000;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (unsigned i = 0; i < kLines; ++i) {
      const double n = i;
      sut->write(LogLevel::info, std::int64_t{i} * kLogPauseNs, "{} {} {} {}", {n, n, n, n});
    }
    done = true;
  });
  std::uint64_t seen = 0;
  double last = -1.0;
  const auto look = [&] {
    next = sut->read(
        next,
        [&](const LogRecord& record) {
          for (const double n : record.numbers) ASSERT_EQ(n, record.numbers[0]);
          ASSERT_GT(record.numbers[0], last);
          last = record.numbers[0];
          ++seen;
        },
        missed);
  };
  while (!done) look();
  writer.join();
  look();

  EXPECT_EQ(seen + missed, kLines);
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace takt
