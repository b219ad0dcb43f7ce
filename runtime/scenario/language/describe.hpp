// An assessment in one line, for reports.
#pragma once

#include <string>

#include "runtime/scenario/spec.hpp"

namespace takt::scenario {

std::string describe(const AssessmentSpec& assessment, const ScenarioSpec& scenario);

}  // namespace takt::scenario
