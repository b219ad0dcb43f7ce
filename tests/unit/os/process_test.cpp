// Watching, ending and signalling a child that runs.
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <takt/os/process.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using namespace std::chrono_literals;

constexpr auto kEndOfPatience = 20s;

Child start(const std::string& script) {
  auto child = spawn({.program = "/bin/sh", .arguments = {"-c", script}});
  EXPECT_TRUE(child) << child.error().text();
  return std::move(child).value();
}

std::optional<Ending> wait_for(Child& child) {
  EXPECT_TRUE(wait_readable(child.pidfd(), kEndOfPatience));
  return try_wait(child);
}

TEST(TryWait, SaysNothingWhileTheChildRuns) {
  Child child = start("kill -STOP $$");  // Stopped, so that it cannot end by itself.

  EXPECT_EQ(try_wait(child), std::nullopt);

  ASSERT_TRUE(send_signal(child, SIGKILL));
  wait_for(child);
}

TEST(TryWait, GivesTheExitStatus) {
  Child child = start("exit 3");

  const auto ending = wait_for(child);

  ASSERT_TRUE(ending);
  EXPECT_EQ(*ending, (Ending{.exited = true, .status = 3, .signal = 0}));
  EXPECT_EQ(ending->text(), "exited with status 3");
  EXPECT_FALSE(ending->clean());
}

TEST(TryWait, GivesTheSignalThatKilledIt) {
  Child child = start("kill -SEGV $$");

  const auto ending = wait_for(child);

  ASSERT_TRUE(ending);
  EXPECT_EQ(*ending, (Ending{.exited = false, .status = 0, .signal = SIGSEGV}));
  EXPECT_EQ(ending->text(), "killed by SIGSEGV (Segmentation fault)");
}

TEST(TryWait, KeepsTheZombieAndItsPidUntilItIsReaped) {
  Child child = start("exit 0");
  ASSERT_TRUE(wait_readable(child.pidfd(), kEndOfPatience));

  const auto kept = try_wait(child, true);
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->clean());
  EXPECT_EQ(::kill(child.pid(), 0), 0);  // The pid still belongs to it.

  EXPECT_EQ(try_wait(child), kept);
  EXPECT_EQ(::kill(child.pid(), 0), -1);
}

TEST(TryWait, RepeatsItsAnswerAfterTheChildWasReaped) {
  Child child = start("exit 4");
  const auto first = wait_for(child);

  EXPECT_EQ(try_wait(child), first);
  EXPECT_EQ(try_wait(child, true), first);
}

TEST(TryWait, SaysSoWhenSomebodyElseTookTheStatus) {
  Child child = start("exit 0");
  ASSERT_EQ(::waitpid(child.pid(), nullptr, 0), child.pid());

  const auto ending = try_wait(child);

  ASSERT_TRUE(ending);
  EXPECT_FALSE(ending->clean());
  EXPECT_THAT(ending->text(), testing::HasSubstr("somebody else"));
}

TEST(SendSignal, ReachesTheChild) {
  Child child = start("kill -STOP $$");  // Stopped, so that it cannot end by itself.

  ASSERT_TRUE(send_signal(child, SIGKILL));

  const auto ending = wait_for(child);
  ASSERT_TRUE(ending);
  EXPECT_EQ(ending->signal, SIGKILL);
}

TEST(SendSignal, CannotHitAnotherProcessAfterTheChildWasReaped) {
  Child child = start("exit 0");
  wait_for(child);

  const auto refused = send_signal(child, SIGKILL);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errno_value, ESRCH);
}

TEST(WaitReadable, TellsAQuietPipeFromOneThatHasSomethingOrIsClosed) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);

  EXPECT_FALSE(wait_readable(reading.get(), 0ms));
  EXPECT_FALSE(wait_readable(reading.get(), 2ms));
  ASSERT_EQ(::write(writing.get(), "x", 1), 1);
  EXPECT_TRUE(wait_readable(reading.get(), kEndOfPatience));
  char byte = 0;
  ASSERT_EQ(::read(reading.get(), &byte, 1), 1);
  writing.reset();
  EXPECT_TRUE(wait_readable(reading.get(), kEndOfPatience));
}

}  // namespace
}  // namespace takt::os
