#include "tests/fuzz/fuzzer.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/fuzz/mutator.hpp"

namespace takt::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kHangAfter{20};
constexpr int kLookEveryMs = 100;
constexpr std::size_t kCorpusMax = 2000;

// Seen by the parent after the child's death.
struct SharedState {
  std::atomic<std::uint64_t> executions{0};
  std::atomic<std::uint64_t> corpus{0};
  std::atomic<std::uint64_t> size{0};
  char input[std::size_t{1} << 20];
};

SharedState* make_shared_state() {
  void* memory = ::mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("mmap");
    std::exit(2);
  }
  return new (memory) SharedState;
}

std::string run_one(SharedState& shared, const Target& target, const std::string& input) noexcept {
  const std::size_t size = std::min(input.size(), sizeof shared.input);
  std::memcpy(shared.input, input.data(), size);
  shared.size = size;
  const std::string result = target(input);
  ++shared.executions;
  return result;
}

[[noreturn]] void run_child(const FuzzOptions& options, std::vector<std::string> corpus,
                            std::vector<std::string> words, const Target& target,
                            SharedState& shared) {
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  Mutator mutator(options.seed, std::move(words));
  std::set<std::string> seen;
  for (const std::string& seed : corpus) seen.insert(run_one(shared, target, seed));
  while (Clock::now() < end || shared.executions < options.executions) {
    const std::string& text = corpus[mutator.below(corpus.size())];
    std::string input = mutator.mutate(text, corpus[mutator.below(corpus.size())]);
    if (!seen.insert(run_one(shared, target, input)).second) continue;
    if (corpus.size() < kCorpusMax) corpus.push_back(std::move(input));
    shared.corpus = corpus.size();
  }
  std::_Exit(0);
}

// Waits for the child; says how it failed, or nothing.
std::string watch(pid_t child, const SharedState& shared) {
  pollfd end{
      .fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0)), .events = POLLIN, .revents = 0};
  if (end.fd < 0) {
    std::perror("pidfd_open");
    std::exit(2);
  }
  std::uint64_t last = 0;
  auto last_change = Clock::now();
  for (;;) {
    int status = 0;
    if (::poll(&end, 1, kLookEveryMs) > 0) {
      ::waitpid(child, &status, 0);
      if (WIFSIGNALED(status)) return format("killed by {}", ::strsignal(WTERMSIG(status)));
      return WEXITSTATUS(status) == 0 ? "" : format("ended with {}", WEXITSTATUS(status));
    }
    if (shared.executions != last) {
      last = shared.executions;
      last_change = Clock::now();
    } else if (Clock::now() - last_change > kHangAfter) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return format("hung for more than {} s", kHangAfter.count());
    }
  }
}

double number_of(const char* text, const char* option) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0)) {
    std::fprintf(stderr, "%s takes a number, not '%s'\n", option, text);
    std::exit(2);
  }
  return value;
}

}  // namespace

FuzzOptions read_options(int argc, char** argv, const std::string& name) {
  FuzzOptions options;
  options.name = name;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--plant") {
      options.bug_is_planted = true;
    } else if (i + 1 < argc && option == "--out") {
      options.out_folder = argv[++i];
    } else if (i + 1 < argc && option == "--seconds") {
      options.seconds = number_of(argv[++i], "--seconds");
    } else if (i + 1 < argc && option == "--executions") {
      options.executions = static_cast<std::uint64_t>(number_of(argv[++i], "--executions"));
    } else if (i + 1 < argc && option == "--seed") {
      options.seed = static_cast<std::uint64_t>(number_of(argv[++i], "--seed"));
    } else {
      std::fprintf(stderr,
                   "usage: %s [--seconds N] [--executions N] [--seed N] [--out FOLDER] [--plant]\n",
                   name.c_str());
      std::exit(2);
    }
  }
  return options;
}

int run_fuzzer(const FuzzOptions& options, std::vector<std::string> seeds,
               std::vector<std::string> words, const Target& target) {
  SharedState& shared = *make_shared_state();
  const std::size_t seed_count = seeds.size();
  const auto start = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) {
    std::perror("fork");
    return 2;
  }
  if (child == 0) run_child(options, std::move(seeds), std::move(words), target, shared);
  const std::string failure = watch(child, shared);
  const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  const std::uint64_t executions = shared.executions;
  std::fputs(format("{}: {} executions in {:.1f} s ({:.0f}/s), corpus {}, --seed {}\n",
                    options.name, executions, elapsed, static_cast<double>(executions) / elapsed,
                    shared.corpus.load(), options.seed)
                 .c_str(),
             stdout);
  if (!failure.empty()) {
    const std::string file = format("{}/{}-finding.txt", options.out_folder, options.name);
    std::ofstream(file, std::ios::binary)
        .write(shared.input, static_cast<std::streamsize>(shared.size));
    std::printf("%s: the target %s; its input is in %s\n", options.name.c_str(), failure.c_str(),
                file.c_str());
  }
  if (!options.bug_is_planted) return failure.empty() ? 0 : 1;
  const bool found_by_change = !failure.empty() && executions >= seed_count;
  if (!found_by_change) std::printf("%s: no change of a seed found it\n", options.name.c_str());
  return found_by_change ? 0 : 1;
}

}  // namespace takt::fuzz
