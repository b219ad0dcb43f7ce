// Which runs the files of one `takt test` ask for.
#pragma once

#include <string>
#include <vector>

#include <takt/scenario/scenario.hpp>

#include "runtime/scenario/language/load_scenario.hpp"

namespace takt::scenario {

// One scenario with one set of parameters; its runs differ by their repetition alone.
struct Variant {
  LoadedScenario loaded;
  std::string id;
};

struct PlannedRun {
  ScenarioRun run;
  std::size_t variant = 0;
};

struct Program {
  std::vector<Variant> variants;
  std::vector<PlannedRun> runs;
  Diagnostics diagnostics;
};

// Reads and checks every file with every combination of its parameters. Those runs that share the
// machine come first.
Program read_program(const TestOptions& options);

}  // namespace takt::scenario
