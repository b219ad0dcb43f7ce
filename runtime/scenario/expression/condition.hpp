// A condition over signals: comparisons joined by `and`, `or`, `not`, with how clearly it holds.
//
// The margin is the robustness of signal temporal logic (Fainekos, Pappas 2009; Donze, Maler 2010):
// for `a < b` it is b - a, for `and` the smaller of the two, for `or` the larger, for `not` the
// negative. It is positive where the condition holds and says by how much the values could change
// before it would not.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/scenario/expression/formula.hpp"

namespace takt::scenario {

struct Truth {
  bool holds = false;
  double margin = 0.0;
};

// Thread safety: one thread. Real time: no. Lifetime: independent of its text and its scope.
class Condition {
 public:
  // `not`, `and`, `or` in the order in which they bind; also `!`, `&&`, `||`. None after `error`
  // was filled in.
  static std::optional<Condition> parse(std::string_view text, const Scope& scope,
                                        ExpressionError& error);
  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  // A comparison with a value that is no number (NaN) is undecided, and so is what hangs on it: it
  // does not hold, negated neither, with a margin of minus infinity.
  Truth at(const Instant& instant) const;
  // The signals that it reads, by their place in the scope, ascending.
  const std::vector<std::size_t>& signals() const { return signals_; }
  const std::string& text() const { return text_; }

  struct Term;

 private:
  Condition(std::unique_ptr<Term> root, std::string text);
  std::unique_ptr<Term> root_;
  std::vector<std::size_t> signals_;
  std::string text_;
};

}  // namespace takt::scenario
