// How the nodes of a run fared, for its page.
#pragma once

#include <string>

#include <takt/base/json.hpp>

namespace takt::scenario {

// A section with a row a node of a run's summary (CONTRACTS); empty when the summary has none. What
// it does not say is a dash.
std::string node_table(const Json& summary);

}  // namespace takt::scenario
