// Arithmetic over signals, by muParser: the only header of takt that stands for that library.
//
// Names are those of the scenario's signals, `t` (seconds since the barrier) and `delta(NAME)`, by
// how much the newest sample of a signal differs from the one before. Functions are muParser's
// (abs, sin, sqrt, min, max, ...), numbers may carry ms, us, s or %.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace takt::scenario {

// What an expression may name. A word (`safe`, `running`) is a constant.
struct NamedValue {
  std::string name;
  double value = 0.0;
};
struct Scope {
  std::vector<std::string> signals;
  std::vector<NamedValue> words;
};

// The values of one instant, by the scope's order of signals.
struct Instant {
  double t = 0.0;  // Seconds since the barrier.
  std::span<const double> values;
  std::span<const double> deltas;
};

// What is wrong with an expression: at which character of it, 0-based, how many, and why.
struct ExpressionError {
  std::size_t at = 0;
  std::size_t length = 1;
  std::string message;
  std::string help;
};

// Thread safety: one thread. Real time: no. Lifetime: independent of its text and its scope.
class Formula {
 public:
  // None after `error` was filled in.
  static std::optional<Formula> parse(std::string_view text, const Scope& scope,
                                      ExpressionError& error);
  Formula(Formula&&) noexcept;
  Formula& operator=(Formula&&) noexcept;
  ~Formula();

  // NaN where a function has no value.
  double value(const Instant& instant) const;
  // The signals that it reads, by their place in the scope.
  const std::vector<std::size_t>& signals() const;

 private:
  struct State;
  explicit Formula(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace takt::scenario
