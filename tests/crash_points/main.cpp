// Death at every instruction: a table of what became of it, and a verdict.
//
//     crash_points [--situation NAME] [--points N | --all] [--first N] [--last N]
//     [--without-healing]
//
// By default about 800 points over all situations; TAKT_LONG=1 or --all: every instruction.
// The verdict: nobody hangs, no chunk has two users, no death loses more than two chunks, and at
// most one point in a hundred asks for a restart of the whole graph. With --without-healing the
// dead are only removed, and the verdict turns round: somebody must hang.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>

#include "tests/crash_points/campaign.hpp"

namespace takt::test {
namespace {

struct Options {
  std::string situation{};
  std::size_t points = 73;                                     // A situation: 11 of them make 803.
  std::size_t first = 0;                                       // Of the points, those from here
  std::size_t last = std::numeric_limits<std::size_t>::max();  // to here.
  bool all = std::getenv("TAKT_LONG") != nullptr;
  bool heals = true;
};

bool read_options(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--all") {
      options.all = true;
    } else if (word == "--without-healing") {
      options.heals = false;
    } else if (i + 1 < argc && word == "--situation") {
      options.situation = argv[++i];
    } else if (i + 1 < argc && word == "--points") {
      options.points = std::strtoull(argv[++i], nullptr, 10);
    } else if (i + 1 < argc && word == "--first") {
      options.first = std::strtoull(argv[++i], nullptr, 10);
    } else if (i + 1 < argc && word == "--last") {
      options.last = std::strtoull(argv[++i], nullptr, 10);
    } else {
      return false;
    }
  }
  return options.points > 0;
}

void print_row(const char* name, std::size_t instructions, const Tally& tally) {
  std::puts(format("{:16} {:6} {:6} {:7} {:8} {:6} {:7} {:7} {:6} {:8} {:10.3f} {:10.3f}", name,
                   instructions, tally.points, tally.healed, tally.restarts, tally.hangs,
                   tally.double_uses, tally.leaked, tally.locks, tally.indices,
                   static_cast<double>(tally.unblocked_ns_max) * 1e-6,
                   static_cast<double>(tally.duration_ns_max) * 1e-6)
                .c_str());
  std::fflush(stdout);
}

int run(const Options& options) {
  std::puts(format("{:16} {:>6} {:>6} {:>7} {:>8} {:>6} {:>7} {:>7} {:>6} {:>8} {:>10} {:>10}",
                   "situation", "instr", "points", "healed", "restarts", "hangs", "doubles",
                   "leaked", "locks", "indices", "unblock/ms", "heal/ms")
                .c_str());
  Tally all;
  for (const Situation& situation : kSituations) {
    if (!options.situation.empty() && options.situation != situation.name) continue;
    Campaign campaign(situation, options.heals);
    const std::size_t length = campaign.trace().size();
    const std::size_t count = options.all ? length : options.points;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= options.first && i <= options.last) campaign.kill_at(i * length / count);
    }
    campaign.finish();
    print_row(situation.name, length, campaign.tally());
    for (const std::string& finding : campaign.findings()) std::printf("  %s\n", finding.c_str());
    all.add(campaign.tally());
  }
  print_row("all", 0, all);
  const bool good =
      all.points > 0 && all.hangs == 0 && all.double_uses == 0 && all.restarts * 100 <= all.points;
  return good ? 0 : 1;
}

// One point in a process of its own: without healing its world may never be taken down.
// 0: goes on, 1: hangs; otherwise the test itself failed.
int try_without_healing(const char* program, const char* situation, std::size_t points,
                        std::size_t point) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(program, program, "--without-healing", "--situation", situation, "--points",
            std::to_string(points).c_str(), "--first", std::to_string(point).c_str(), "--last",
            std::to_string(point).c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  const auto ended = [&] { return ::waitpid(child, &status, WNOHANG) == child; };
  if (!wait_for(ended, std::chrono::seconds(30))) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return 1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

// A writer that dies with its lock held must make somebody hang without healing: what passes with
// healing then passes because of it. (A reader's first death in a take is carried by the spare
// index of its queue, so nobody hangs for it.)
int run_without_healing(const char* program) {
  constexpr std::size_t kPoints = 48, kFirst = 28, kEnd = 34;
  std::size_t hangs = 0;
  for (std::size_t point = kFirst; point < kEnd; ++point) {
    const int result = try_without_healing(program, "write", kPoints, point);
    if (result > 1) return result;
    hangs += static_cast<std::size_t>(result);
  }
  std::puts(format("write: {} of {} points hang without healing", hangs, kEnd - kFirst).c_str());
  return hangs > 0 ? 0 : 1;
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  takt::test::Options options;
  if (!takt::test::read_options(argc, argv, options)) {
    std::fprintf(
        stderr,
        "usage: crash_points [--situation NAME] [--points N | --all] [--first N] [--last N] "
        "[--without-healing]\n");
    return 2;
  }
  // Every victim must have its code at the same addresses: a trace is one of addresses.
  const std::string self = takt::os::self_executable();
  if ((::personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0) {
    ::personality(ADDR_NO_RANDOMIZE);
    ::execv(self.c_str(), argv);
    return 3;
  }
  // The watch: whatever is not expected to hang ends this program.
  ::alarm(options.all ? 10'000 : 900);
  if (!options.heals && options.first != options.last) {
    return takt::test::run_without_healing(self.c_str());
  }
  if (!takt::test::enter_test_world()) return 3;
  return takt::test::run(options);
}
