#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/os/life_word.hpp>
#include <takt/os/shared_memory.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

// A word in shared memory, and a reader that can only read it.
class LifeWordTest : public testing::Test {
 protected:
  LifeWordTest() {
    memory_ = SharedMemory::create("life", sizeof(LifeWord)).value();
    writing_ = Mapping::map(memory_.fd(), sizeof(LifeWord), true).value();
    const auto reader = memory_.reopen_read_only();
    reading_ = Mapping::map(reader.value().get(), sizeof(LifeWord), false).value();
    word().init();
  }
  LifeWord& word() { return *writing_.as<LifeWord>(); }
  const LifeWord& sut() const { return *reading_.as<LifeWord>(); }

  // A child that claims, does what `then` says and waits to be killed; it has claimed on return.
  template <typename Then>
  pid_t claiming_child(Then then) {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(test::kWatchdogSeconds / 2);
      word().claim();
      then();
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    ::close(ends[1]);
    char claimed = 0;
    const bool told = ::read(ends[0], &claimed, 1) == 1;
    ::close(ends[0]);
    return told ? child : -1;
  }

  static void kill_and_reap(pid_t child) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }

  SharedMemory memory_;
  Mapping writing_;
  Mapping reading_;
};

TEST_F(LifeWordTest, NobodyHasDiedBeforeTheFirstClaim) { EXPECT_FALSE(sut().owner_died()); }

TEST_F(LifeWordTest, TellsTheDeathOfAKilledOwnerButNotItsLife) {
  const pid_t child = claiming_child([] {});
  ASSERT_GT(child, 0);
  EXPECT_FALSE(sut().owner_died());

  kill_and_reap(child);

  EXPECT_TRUE(sut().owner_died());
}

TEST_F(LifeWordTest, TellsTheDeathOfAThreadWhoseProcessLives) {
  std::thread([&] { word().claim(); }).join();

  EXPECT_TRUE(sut().owner_died());
}

TEST_F(LifeWordTest, AnOwnerThatReleasedHasNotDied) {
  const pid_t child = claiming_child([&] { word().release(); });
  ASSERT_GT(child, 0);

  kill_and_reap(child);

  EXPECT_FALSE(sut().owner_died());
}

TEST_F(LifeWordTest, ANewOwnerTakesOverFromADeadOne) {
  kill_and_reap(claiming_child([] {}));
  ASSERT_TRUE(sut().owner_died());

  word().claim();

  EXPECT_FALSE(sut().owner_died());
  word().release();
  EXPECT_FALSE(sut().owner_died());
  word().claim();  // Ends the process if the word was not made whole again.
  word().release();
}

TEST_F(LifeWordTest, ANewOwnersDeathIsToldAgain) {
  kill_and_reap(claiming_child([] {}));

  const pid_t second = claiming_child([] {});
  ASSERT_GT(second, 0);
  EXPECT_FALSE(sut().owner_died());
  kill_and_reap(second);

  EXPECT_TRUE(sut().owner_died());
}

TEST_F(LifeWordTest, ExecutingAnotherProgramCountsAsDeath) {
  const pid_t child = ::fork();
  if (child == 0) {
    word().claim();
    ::execl("/bin/true", "true", nullptr);
    ::_exit(1);
  }
  ASSERT_GT(child, 0);
  ::waitpid(child, nullptr, 0);

  EXPECT_TRUE(sut().owner_died());
}

}  // namespace
}  // namespace takt::os
