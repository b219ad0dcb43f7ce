#include "runtime/scenario/result.hpp"

#include <algorithm>
#include <array>

namespace takt::scenario {
namespace {
constexpr std::array<std::string_view, 4> kNames{"pass", "fail", "untested", "error"};
// How much each matters, in the order of the enumeration.
constexpr std::array kWeights{0, 2, 1, 3};
}  // namespace

std::string_view name_of(Verdict verdict) { return kNames[static_cast<std::size_t>(verdict)]; }

Verdict worse(Verdict a, Verdict b) {
  return kWeights[static_cast<std::size_t>(a)] < kWeights[static_cast<std::size_t>(b)] ? b : a;
}

Verdict RunResult::verdict() const {
  if (!problem.empty() || assessments.empty()) return Verdict::error;
  Verdict worst = Verdict::pass;
  for (const AssessmentResult& a : assessments) {
    const bool tolerated = a.verdict == Verdict::untested && a.allow_untested;
    worst = worse(worst, tolerated ? Verdict::pass : a.verdict);
  }
  return worst;
}

bool RunResult::passed() const {
  return problem.empty() &&
         std::none_of(assessments.begin(), assessments.end(),
                      [](const AssessmentResult& a) { return a.counts_as_failure(); });
}

}  // namespace takt::scenario
