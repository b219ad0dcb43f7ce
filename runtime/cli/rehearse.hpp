// What `takt test` hands to the `takt run` that it starts.
#pragma once

#include <map>
#include <string>

#include <takt/base/result.hpp>
#include <takt/supervisor/injection.hpp>

namespace takt::cli {

struct HandedRehearsal {
  Rehearsal rehearsal;
  std::map<std::string, std::string> params;
};

// `descriptors`: "WIRE,PLAN", the numbers of the wire and of the memory that holds the plan as
// JSON.
Result<HandedRehearsal> read_rehearsal(const std::string& descriptors);

}  // namespace takt::cli
