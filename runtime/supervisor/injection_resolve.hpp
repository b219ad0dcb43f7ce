// What the words of an injection mean in a graph.
#pragma once

#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/supervisor/injection.hpp>

namespace takt::supervisor {

// Everything but times, points and serial. Errors: as check_injection.
Result<InjectionEntry> resolve_injection(const GraphSpec& graph, const Injection& injection);

// "there is no node 'x'; did you mean 'y'?" and what there is.
Error not_found(const std::string& what, const std::string& word,
                const std::vector<std::string>& known);

}  // namespace takt::supervisor
