// What a child is started with.
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <takt/os/process.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// A pipe that holds `text` and is closed at its other end.
UniqueFd pipe_with(std::string_view text) {
  Pipe pipe = make_pipe();
  if (::write(pipe.writing.get(), text.data(), text.size()) != std::ssize(text)) std::abort();
  return std::move(pipe.reading);
}

std::string read_to_end(int fd) {
  std::string text;
  char piece[4096];
  for (;;) {
    const ssize_t n = ::read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(piece, static_cast<std::size_t>(n));
  }
}

// Starts it, and returns what it wrote to its standard output and how it ended.
std::string output_of(SpawnOptions options) {
  Pipe pipe = make_pipe();
  options.stdout_fd = pipe.writing.get();
  auto child = spawn(options);
  if (!child) return child.error().text();
  pipe.writing.reset();
  std::string text = read_to_end(pipe.reading.get());
  if (!wait_readable(child->pidfd(), 20s)) return "does not end";
  const auto ending = try_wait(*child);
  if (!ending || !ending->clean()) text += "[" + (ending ? ending->text() : "runs") + "]";
  return text;
}

std::string output_of_script(const std::string& script) {
  return output_of({.program = "/bin/sh", .arguments = {"-c", script}});
}

TEST(Spawn, HandsOnTheArgumentsAsTheyAre) {
  EXPECT_EQ(output_of({.program = "/bin/sh",
                       .arguments = {"-c", R"(printf '%s|' "$0" "$@")", "a b", "", "$HOME"}}),
            "a b||$HOME|");
}

TEST(Spawn, ExtraVariablesReplaceThoseOfTheSameName) {
  ASSERT_EQ(::setenv("TAKT_TEST_OLD", "old", 1), 0);
  ASSERT_EQ(::setenv("TAKT_TEST_KEPT", "kept", 1), 0);

  EXPECT_EQ(output_of({.program = "/usr/bin/env",
                       .arguments = {"sh", "-c", "env | grep ^TAKT_TEST_ | sort"},
                       .extra_environment = {"TAKT_TEST_OLD=new", "TAKT_TEST_MORE=a=b"}}),
            "TAKT_TEST_KEPT=kept\nTAKT_TEST_MORE=a=b\nTAKT_TEST_OLD=new\n");
}

TEST(Spawn, GivesTheThreeStandardDescriptors) {
  const UniqueFd input = pipe_with("in");
  Pipe errors = make_pipe();

  const std::string output = output_of({.program = "/bin/sh",
                                        .arguments = {"-c", "cat; echo wrong >&2"},
                                        .stderr_fd = errors.writing.get(),
                                        .stdin_fd = input.get()});

  EXPECT_EQ(output, "in");
  errors.writing.reset();
  EXPECT_EQ(read_to_end(errors.reading.get()), "wrong\n");
}

// In a child of the test, where the numbers 3 to 9 can be chosen freely:
//
//   here   5: "five"   6: "six"   7: "seven"
//   there  6: "five"   5: "six"   8: "seven"   9: "seven"
TEST(Spawn, HandsOnDescriptorsWhoseNumbersOverlap) {
  const std::string output = test::in_child([]() -> std::string {
    const UniqueFd five = pipe_with("five");
    const UniqueFd six = pipe_with("six");
    const UniqueFd seven = pipe_with("seven");
    Pipe out = make_pipe();
    std::vector<int> high;
    for (const int fd : {five.get(), six.get(), seven.get()}) {
      high.push_back(::fcntl(fd, F_DUPFD_CLOEXEC, 100));
    }
    const int out_high = ::fcntl(out.writing.get(), F_DUPFD_CLOEXEC, 100);
    const int read_high = ::fcntl(out.reading.get(), F_DUPFD_CLOEXEC, 100);
    for (int i = 0; i < 3; ++i) ::dup3(high[static_cast<std::size_t>(i)], 5 + i, O_CLOEXEC);

    auto child = spawn({.program = "/bin/sh",
                        .arguments = {"-c", "cat <&5; cat <&6; cat <&8; cat <&9"},
                        .inherited = {{5, 6}, {6, 5}, {7, 8}, {7, 9}},
                        .stdout_fd = out_high});
    if (!child) return child.error().text();
    ::close(out_high);
    ::close_range(3, 99, 0);
    return read_to_end(read_high);
  });

  EXPECT_EQ(output, "sixfiveseven");
}

TEST(Spawn, HandsOnNoOtherDescriptor) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // Not close-on-exec.
  const UniqueFd far(::fcntl(leaky.get(), F_DUPFD, 500));
  const UniqueFd wanted(::open("/dev/null", O_RDONLY | O_CLOEXEC));

  // `ls` itself has the folder open as 3.
  EXPECT_EQ(
      output_of(
          {.program = "/bin/ls", .arguments = {"/proc/self/fd"}, .inherited = {{wanted.get(), 7}}}),
      "0\n1\n2\n3\n7\n");
}

TEST(Spawn, StartsWithNoSignalBlockedAndOnlyTheInterruptIgnored) {
  const std::string output = test::in_child([]() -> std::string {
    sigset_t all;
    ::sigfillset(&all);
    ::sigdelset(&all, SIGALRM);  // The watchdog's.
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGUSR1, [](int) {});
    const std::vector<std::string> arguments{"-E", "Sig(Blk|Ign)", "/proc/self/status"};
    return output_of({.program = "/bin/grep", .arguments = arguments}) + "--\n" +
           output_of({.program = "/bin/grep", .arguments = arguments, .new_process_group = false});
  });

  EXPECT_EQ(output,
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000002\n--\n"
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Spawn, KeepsTheSignalMaskOfTheCaller) {
  sigset_t before;
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);

  output_of_script("true");

  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    EXPECT_EQ(::sigismember(&before, signal), ::sigismember(&after, signal)) << signal;
  }
}

TEST(Spawn, LeadsAProcessGroupOfItsOwnOnlyWhenItIsToldTo) {
  for (const bool own : {true, false}) {
    auto child = spawn(
        {.program = "/bin/sh", .arguments = {"-c", "kill -STOP $$"}, .new_process_group = own});
    ASSERT_TRUE(child) << child.error().text();

    EXPECT_EQ(::getpgid(child->pid()), own ? child->pid() : ::getpgrp());

    ASSERT_TRUE(send_signal(*child, SIGKILL));
    ASSERT_TRUE(wait_readable(child->pidfd(), 20s));
    try_wait(*child);
  }
}

TEST(Spawn, ReportsAProgramThatIsNotThere) {
  const auto child = spawn({.program = "/nowhere/takt-node"});

  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().errno_value, ENOENT);
  EXPECT_THAT(child.error().text(), HasSubstr("cannot start /nowhere/takt-node: No such file"));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // Nothing is left to wait for.
}

TEST(Spawn, ReportsAFileThatMayNotBeExecuted) {
  const test::TemporaryFolder folder;
  test::put(folder / "program", "#!/bin/sh\n");

  const auto child = spawn({.program = folder / "program"});

  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().text(), HasSubstr("chmod +x " + folder / "program"));
}

TEST(Spawn, ReportsADescriptorThatIsNotOpen) {
  const auto child = spawn({.program = "/bin/true", .inherited = {{999, 3}}});

  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().errno_value, EBADF);
  EXPECT_THAT(child.error().text(), HasSubstr("should inherit is not open"));
}

TEST(Spawn, WorksFromSeveralThreadsAtOnce) {
  std::vector<std::string> outputs(4);
  std::vector<std::thread> threads;
  for (std::string& output : outputs) {
    threads.emplace_back([&output] {
      for (int i = 0; i < 5; ++i) output += output_of_script("printf x");
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_THAT(outputs, testing::Each("xxxxx"));
}

}  // namespace
}  // namespace takt::os
