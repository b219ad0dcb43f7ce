// What a run recorded as comma-separated values (RFC 4180, line ends of Linux).
#pragma once

#include <string>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// `t,NAME,...`: a row an instant at which any signal had a sample, t in seconds since the barrier
// with 9 decimals, values as %.17g. A signal holds its value until its next sample, or goes there
// on a straight line where it was driven so; before its first sample its cell is empty.
std::string signals_csv(const RunResult& run);

// `t,end,kind,name,detail,samples`, by time: what happened, and the spans of the faults (of kind
// `injection`; for these alone `end` and `samples` are filled in).
std::string events_csv(const RunResult& run);

}  // namespace takt::scenario
