// Death at every instruction: a table of what became of it, and a verdict.
//
//     crash_points [--situation NAME] [--points N | --all] [--at STEP] [--without-healing]
//
// By default about 800 points over all situations; TAKT_LONG=1 or --all: every instruction.
// The verdict: nobody hangs, no chunk has two users, no death loses more than two chunks, and at
// most one point in a hundred asks for a restart of the whole graph. With --without-healing the
// dead are only removed, and the verdict turns round: somebody must hang.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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
  std::size_t points = 73;  // A situation: 11 of them make 803.
  std::int64_t at = -1;
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
    } else if (i + 1 < argc && word == "--at") {
      options.at = std::strtoll(argv[++i], nullptr, 10);
    } else {
      return false;
    }
  }
  return options.points > 0;
}

void print_row(const char* name, std::size_t instructions, const Tally& tally) {
  std::printf(
      "%-16s %6zu %6llu %7llu %8llu %6llu %7llu %7llu %4llu %6llu %8llu %10.3f %10.3f\n", name,
      instructions, static_cast<unsigned long long>(tally.points),
      static_cast<unsigned long long>(tally.healed),
      static_cast<unsigned long long>(tally.restarts), static_cast<unsigned long long>(tally.hangs),
      static_cast<unsigned long long>(tally.double_uses),
      static_cast<unsigned long long>(tally.leaked),
      static_cast<unsigned long long>(tally.leaked_max),
      static_cast<unsigned long long>(tally.locks), static_cast<unsigned long long>(tally.indices),
      static_cast<double>(tally.unblocked_ns_max) * 1e-6,
      static_cast<double>(tally.duration_ns_max) * 1e-6);
  std::fflush(stdout);
}

int run(const Options& options) {
  std::printf("%-16s %6s %6s %7s %8s %6s %7s %7s %4s %6s %8s %10s %10s\n", "situation", "instr",
              "points", "healed", "restarts", "hangs", "doubles", "leaked", "max", "locks",
              "indices", "unblock/ms", "heal/ms");
  Tally all;
  for (const Situation& situation : kSituations) {
    if (!options.situation.empty() && options.situation != situation.name) continue;
    Campaign campaign(situation, options.heals);
    const std::size_t length = campaign.trace().size();
    const std::size_t count = options.at >= 0 ? 1 : options.all ? length : options.points;
    for (std::size_t i = 0; i < count; ++i) {
      const auto step = options.at >= 0 ? static_cast<std::size_t>(options.at) : i * length / count;
      campaign.kill_at(step);
    }
    campaign.finish();
    print_row(situation.name, length, campaign.tally());
    for (const std::string& finding : campaign.findings()) std::printf("  %s\n", finding.c_str());
    all.add(campaign.tally());
  }
  print_row("all", 0, all);
  const bool good = all.points > 0 && all.hangs == 0 && all.double_uses == 0 &&
                    all.leaked_max <= 2 && all.restarts * 100 <= all.points;
  return good ? 0 : 1;
}

// Without healing a point leaves a world that cannot be taken down: each in a process of its own.
int run_without_healing(const char* program, const Options& options) {
  std::uint64_t hangs = 0;
  const std::size_t parts = 8;
  for (const char* situation : {"write", "write-single", "read-single"}) {
    for (std::size_t i = 0; i < parts; ++i) {
      // The last half of a publish, the first tenth of a take: where locks and indices are in hand.
      const std::size_t step = situation[0] == 'w' ? 2200 + i * 220 : 40 + i * 20;
      std::fflush(stdout);
      const pid_t child = ::fork();
      if (child == 0) {
        ::execl(program, program, "--without-healing", "--situation", situation, "--at",
                std::to_string(step).c_str(), nullptr);
        ::_exit(127);
      }
      int status = 0;
      const bool ended = wait_for([&] { return ::waitpid(child, &status, WNOHANG) == child; },
                                  std::chrono::seconds(15));
      if (!ended) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
      }
      const bool hung = !ended || (WIFEXITED(status) && WEXITSTATUS(status) == 1);
      std::printf("%s before instruction %zu: %s\n", situation, step, hung ? "hangs" : "goes on");
      hangs += hung ? 1 : 0;
      if (ended && (!WIFEXITED(status) || WEXITSTATUS(status) > 1)) return 3;
    }
  }
  std::printf("%llu of %zu points hang without healing\n", static_cast<unsigned long long>(hangs),
              3 * parts);
  return hangs > 0 ? 0 : 1;
  static_cast<void>(options);
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  takt::test::Options options;
  if (!takt::test::read_options(argc, argv, options)) {
    std::fprintf(stderr,
                 "usage: crash_points [--situation NAME] [--points N | --all] [--at STEP] "
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
  if (!options.heals && options.at < 0) {
    return takt::test::run_without_healing(self.c_str(), options);
  }
  if (!takt::test::enter_test_world()) return 3;
  return takt::test::run(options);
}
