// Matrices of up to kStatesMax rows and columns as a node's parameters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

#include "nodes/common/coefficients.hpp"
#include "nodes/common/state_space.hpp"

namespace takt::nodes {

struct SquareParam {
  std::size_t order = 0;
  StateMatrix matrix{};
};

// Errors, as of everything here: what stands in `text`, the value of parameter `name`, is no
// matrix, not square, or too large. Not for a loop.
inline Result<SquareParam> parse_square(std::string_view name, std::string_view text) {
  const auto table = parse_matrix(name, text, kStatesMax);
  if (!table) return table.error();
  if (table->rows != table->columns) {
    return fail(format("{} is {} x {}", name, table->rows, table->columns),
                format("give {} as many columns as rows, with ';' between the rows", name));
  }
  SquareParam square{table->rows, {}};
  for (std::size_t i = 0; i < square.order; ++i) {
    for (std::size_t j = 0; j < square.order; ++j) square.matrix[i][j] = table->at(i, j);
  }
  return square;
}

// Of the order of the process, which parameter `a` has; symmetric and positive semidefinite: a
// weight or a covariance.
inline Result<StateMatrix> parse_weight(std::string_view name, std::string_view text,
                                        std::size_t order) {
  const auto square = parse_square(name, text);
  if (!square) return square.error();
  if (square->order != order) {
    return fail(
        format("{} is {} x {} and a is {} x {}", name, square->order, square->order, order, order),
        format("give {} the size of a", name));
  }
  if (!is_symmetric(square->matrix)) {
    return fail(format("{} is not symmetric", name),
                format("{} equals its transpose; diag(...) always does", name));
  }
  if (!is_positive_semidefinite(square->matrix)) {
    return fail(format("{} is not positive semidefinite", name),
                format("no direction may have a negative weight in {}", name));
  }
  return square->matrix;
}

// One number a state, in a row or a column.
inline Result<StateNumbers> parse_states(std::string_view name, std::string_view text,
                                         std::size_t order) {
  const auto numbers = parse_vector(name, text, kStatesMax);
  if (!numbers) return numbers.error();
  if (numbers->size() != order) {
    return fail(format("{} has {} numbers and a is {} x {}", name, numbers->size(), order, order),
                format("give {} one number a state", name));
  }
  StateNumbers result{};
  std::copy(numbers->begin(), numbers->end(), result.begin());
  return result;
}

}  // namespace takt::nodes
