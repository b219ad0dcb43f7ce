// A run's assessments as a table for the terminal.
#pragma once

#include <string>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// Which run it was, its verdict, and where its report lies: a line.
std::string result_headline(const RunResult& run);

// A row an assessment; below one that did not pass, what was found and what was asked for. A last
// line says what no assessment does. `colour` adds the terminal's colours to the verdicts.
std::string result_table(const RunResult& run, bool colour);

}  // namespace takt::scenario
