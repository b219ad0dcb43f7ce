// Makes a private world with a RouDi in a child process, joins it, and runs the tests.
//
// Two processes, because RouDi and a participant in one would map each segment twice. The private
// mount namespace keeps a graph that runs on this machine apart from the test.
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include <takt/os/private_world.hpp>
#include <takt/port/iceoryx.hpp>
#include <takt/port/world.hpp>

#include "tests/conformance/transport.hpp"

namespace takt::test {
namespace {

std::unique_ptr<port::Participant> participant;
std::string reason;

// Runs RouDi until the other end of `life` is closed; writes one byte to `ready` when it listens.
[[noreturn]] void run_world(int ready, int life) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr std::uint32_t kMiB = 1U << 20;
  const auto pools = port::plan_pools({{64, 64, 512}, {1 << 16, 8, 64}, {8 * kMiB, 8, 6}}, 2);
  {
    auto world = port::World::create(*pools, STDERR_FILENO);
    if (!world) {
      std::fprintf(stderr, "%s\n", world.error().text().c_str());
      ::_exit(1);
    }
    char byte = 'r';
    if (::write(ready, &byte, 1) != 1) ::_exit(1);
    while (::read(life, &byte, 1) > 0) {
    }
  }
  ::_exit(0);
}

// The child's pid, or -1 with `reason` set.
pid_t start_world(int& life) {
  if (auto entered = os::enter_private_world(!os::can_enter_private_world()); !entered) {
    reason = entered.error().text();
    return -1;
  }
  int ready_pipe[2], life_pipe[2];
  if (::pipe(ready_pipe) != 0 || ::pipe(life_pipe) != 0) {
    reason = "cannot make a pipe";
    return -1;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(life_pipe[1]);
    ::close(ready_pipe[0]);
    run_world(ready_pipe[1], life_pipe[0]);
  }
  ::close(ready_pipe[1]);
  ::close(life_pipe[0]);
  life = life_pipe[1];
  char byte = 0;
  if (::read(ready_pipe[0], &byte, 1) != 1) {
    reason = "RouDi did not start";
  } else {
    // RouDi's socket is made by a thread that World::create does not wait for: ask until it is
    // there, under the watchdog.
    auto joined = port::join_iceoryx("conformance");
    for (; !joined; joined = port::join_iceoryx("conformance")) ::poll(nullptr, 0, 1);
    participant = std::move(*joined);
  }
  ::close(ready_pipe[0]);
  return child;
}

}  // namespace

port::Participant* iceoryx_participant() { return participant.get(); }
const std::string& why_no_iceoryx() { return reason; }

}  // namespace takt::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  ::alarm(50);  // The watchdog: whatever hangs here hangs for ever.
  int life = -1;
  const pid_t world = takt::test::start_world(life);
  const int result = RUN_ALL_TESTS();
  takt::test::participant.reset();
  ::close(life);
  if (world > 0) ::waitpid(world, nullptr, 0);
  std::fflush(stdout);
  // Past the destructor of iceoryx's runtime, which would wait for a RouDi that has gone.
  ::_exit(result);
}
