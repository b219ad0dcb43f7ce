// Where a character of a value stands in the file.
#pragma once

#include <string>

#include <takt/graph/mark_tree.hpp>

#include "runtime/scenario/language/substitute.hpp"

namespace takt::scenario {

// The run of `length` characters from `at` on of the value's text, as the user wrote it: behind
// quotes and escapes, on later lines, and where a parameter stands instead. The whole value, where
// the two cannot be brought together.
graph::Mark place_in(const graph::MarkedNode& node, std::size_t at, std::size_t length,
                     const std::string& source, const Parameters& parameters);

}  // namespace takt::scenario
