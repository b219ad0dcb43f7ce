// Runs as JUnit XML, which every service of continuous integration reads.
#pragma once

#include <span>
#include <string>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// One test suite a run, one test case an assessment. A failed one is a failure of type `fail`, an
// untested one a failure of type `untested`, or skipped where the scenario allows that. What no
// assessment says (the run's problem) is the error of a case named `run`.
//
// Thread safety: a plain function. Real time: no. Lifetime: independent of `runs`.
std::string junit_xml(std::span<const RunResult> runs);

}  // namespace takt::scenario
