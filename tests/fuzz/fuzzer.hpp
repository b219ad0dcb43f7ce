// A mutation fuzzer without a compiler's help: a child process runs the target on changed seeds,
// its parent reports how it died and keeps the input that killed it.
//
// What is new is judged by what the target returns: an input with a new result joins the seeds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace takt::fuzz {

struct FuzzOptions {
  std::string name = "fuzz";          // Of the program; begins the names of the inputs it writes.
  double seconds = 10;                // It runs at least so long,
  std::uint64_t executions = 10'000;  // and at least so often.
  std::uint64_t seed = 1;
  std::string out_folder = ".";
  bool bug_is_planted = false;  // Finding something is what is expected.
};

// Runs one input; a crash, an exception or a failed check inside is a finding. Returns a word for
// what happened ("graph.empty"), by which inputs are told apart.
using Target = std::function<std::string(const std::string& input)>;

// Reads --seconds, --executions, --seed, --out and --plant. Exits with 2 after wrong usage.
FuzzOptions read_options(int argc, char** argv, const std::string& name);

// Returns the exit code: 0 when nothing was found, 1 with a finding; the other way round when a bug
// is planted, which no seed alone may show. A target that takes longer than 20 s for one input
// hangs, which is a finding too.
int run_fuzzer(const FuzzOptions& options, std::vector<std::string> seeds,
               std::vector<std::string> words, const Target& target);

}  // namespace takt::fuzz
