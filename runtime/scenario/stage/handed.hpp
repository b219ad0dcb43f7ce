// Pipes, the wire and the memory that a run inherits from the scenario.
#pragma once

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/shared_memory.hpp>

namespace takt::scenario {

// Where the run finds its end of the wire, and the plan.
inline constexpr int kRunsWire = 3;
inline constexpr int kRunsPlan = 4;

// Thread safety: a plain value. Real time: no. Lifetime: its descriptors close with it.
struct Handed {
  os::UniqueFd wire;  // This side's end.
  os::UniqueFd theirs;
  os::SharedMemory plan;
  os::UniqueFd out, out_theirs;
  os::UniqueFd words, words_theirs;
};

// Errors: no descriptors or no memory left.
Result<Handed> make_handed(const Json& plan);

}  // namespace takt::scenario
