#include <cerrno>
#include <ctime>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <takt/os/local_socket.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using namespace std::chrono_literals;

class LineReaderTest : public testing::Test {
 protected:
  static std::pair<UniqueFd, UniqueFd> connection() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
  }
  void send(std::string_view text) { ASSERT_TRUE(write_all(writing_.get(), text)); }

  // A line, "(end)", or the name of the error.
  std::string next(std::optional<std::chrono::nanoseconds> deadline = 0ns) {
    const auto line = sut_.next_line(deadline);
    if (!line) return ::strerrorname_np(line.error().errno_value);
    return line->value_or("(end)");
  }
  std::pair<UniqueFd, UniqueFd> ends_ = connection();
  UniqueFd& writing_ = ends_.first;
  UniqueFd& reading_ = ends_.second;
  LineReader sut_{reading_.get()};
};

TEST_F(LineReaderTest, CutsOnePieceIntoItsLines) {
  send("one\n\ntwo\n");

  EXPECT_EQ(next(), "one");
  EXPECT_EQ(next(), "");
  EXPECT_EQ(next(), "two");
  EXPECT_EQ(next(), "ETIMEDOUT");
}

TEST_F(LineReaderTest, JoinsTheCharactersOfALineThatComesBitByBit) {
  for (const char letter : std::string("slow")) {
    send(std::string(1, letter));
    EXPECT_EQ(next(), "ETIMEDOUT");
  }
  send("\n");

  EXPECT_EQ(next(), "slow");
}

TEST_F(LineReaderTest, WaitsForALineThatIsStillToCome) {
  std::thread writer([&] { send("late\n"); });

  EXPECT_EQ(next(std::nullopt), "late");
  writer.join();
}

TEST_F(LineReaderTest, TimesOutAtTheDeadlineAndNotBefore) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  send("half");
  const auto deadline = now() + 3ms;

  EXPECT_EQ(next(deadline), "ETIMEDOUT");
  EXPECT_GE(now(), deadline);
}

TEST_F(LineReaderTest, GivesWhatWasSentBeforeTheEnd) {
  send("last\n");
  writing_.reset();

  EXPECT_EQ(next(std::nullopt), "last");
  EXPECT_EQ(next(std::nullopt), "(end)");
  EXPECT_EQ(next(std::nullopt), "(end)");
}

TEST_F(LineReaderTest, DoesNotTakeATornLineForAWhole) {
  send("whole\ntor");
  writing_.reset();

  EXPECT_EQ(next(std::nullopt), "whole");
  EXPECT_EQ(next(std::nullopt), "EPIPE");
  EXPECT_EQ(next(std::nullopt), "(end)");
}

TEST_F(LineReaderTest, TakesALineOfExactlyTheLimit) {
  const std::string longest(kLineBytesMax, 'x');
  std::thread writer([&] { send(longest + "\n"); });

  EXPECT_EQ(next(std::nullopt), longest);
  writer.join();
}

TEST_F(LineReaderTest, RefusesALineWithoutAnEnd) {
  std::thread writer([&] {
    // Fails once the reader has had enough and closes.
    [[maybe_unused]] const auto result =
        write_all(writing_.get(), std::string(3 * kLineBytesMax, 'x'));
  });

  EXPECT_EQ(next(std::nullopt), "EMSGSIZE");
  EXPECT_EQ(next(std::nullopt), "(end)");
  reading_.reset();
  writer.join();
}

TEST_F(LineReaderTest, ReadsFromANonBlockingSocketToo) {
  set_nonblocking(reading_.get(), true);
  std::thread writer([&] { send("line\n"); });

  EXPECT_EQ(next(std::nullopt), "line");
  writer.join();
}

}  // namespace
}  // namespace takt::os
