// A number with a unit as a person writes it: "10 rad/s", "10ms", "0.5", "20 %".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace takt::graph {

struct Quantity {
  double number = 0.0;
  std::string unit;  // Empty: a bare number.
};

// None when `text` does not begin with a finite decimal number.
std::optional<Quantity> parse_quantity(std::string_view text);

}  // namespace takt::graph
