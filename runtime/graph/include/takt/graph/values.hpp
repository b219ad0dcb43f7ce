// Numbers of the file in the unit in which they are needed.
#pragma once

#include <optional>
#include <string>

#include <takt/graph/mark_tree.hpp>
#include <takt/graph/report.hpp>

namespace takt::graph {

// What a number is for.
struct NumberPlace {
  std::string what;  // "'tf'"
  std::string unit;  // The unit it must be in; empty: a plain number.
  std::string why_plain = "nothing says which unit it is to be converted to";
};

// Reads a quantity and converts it. Reports: no number, a unit missing, unknown, unexpected, or of
// another dimension.
std::optional<double> read_number(const MarkedNode& node, const NumberPlace& place, Report& report);

}  // namespace takt::graph
