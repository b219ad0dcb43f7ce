// One release of a node: the only time that a step knows.
#pragma once

#include <chrono>
#include <cstdint>

namespace takt {

// Times count from the barrier (grid point 0), so that a replayed run sees the same ones.
struct Cycle {
  std::chrono::nanoseconds release{0};  // The grid point, or the publish stamp of the trigger.
  std::chrono::nanoseconds start{0};    // When the step began.
  std::chrono::nanoseconds elapsed{0};  // Since the release before; 0 at the first.
  std::chrono::nanoseconds period{0};   // Own or of the trigger chain's root; 0: none.
  std::uint64_t index = 0;              // Steps before this one.
  std::uint64_t skipped = 0;            // Releases left out just before this one.
};

// What a step says of itself.
enum class StepResult {
  ok,
  done,    // The node has nothing more to do; it ends well.
  failed,  // The node cannot go on; the graph stops through its safe state.
};

}  // namespace takt
