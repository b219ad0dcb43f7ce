#include "runtime/scenario/expression/formula.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <muParser.h>

#include <takt/base/text.hpp>

#include "runtime/scenario/expression/words.hpp"

namespace takt::scenario {
namespace {

constexpr std::string_view kDelta = "delta";

std::optional<ExpressionError> refuse(std::size_t at, std::size_t length, std::string message,
                                      std::string help = "") {
  return ExpressionError{at, length, std::move(message), std::move(help)};
}

// The words of an expression that could be meant as names.
std::vector<std::string> known_names(const Scope& scope) {
  std::vector<std::string> names = scope.signals;
  names.emplace_back("t");
  for (const NamedValue& word : scope.words) names.push_back(word.name);
  return names;
}

ExpressionError unknown_name(std::string_view word, std::size_t at,
                             const std::vector<std::string>& known) {
  const std::string near = nearest_word(word, known);
  return {at, word.size(),
          near.empty() ? format("there is no signal '{}'", word)
                       : format("there is no signal '{}'; did you mean '{}'?", word, near),
          format("names here: {}", fmt::join(known, ", "))};
}

// `delta(speed)` becomes the variable `delta_speed_`, of the same length, so that every place in
// the text stays where the user wrote it; blanks move behind it.
std::optional<ExpressionError> name_deltas(std::string& text, const Scope& scope) {
  std::size_t at = 0;
  while ((at = text.find(kDelta, at)) != std::string::npos) {
    const std::size_t begin = at;
    std::size_t open = at += kDelta.size();
    if ((begin > 0 && is_word(text[begin - 1])) || (open < text.size() && is_word(text[open]))) {
      continue;
    }
    const std::string help = "as in 'delta(NAME)': how much its newest sample differs";
    open = text.find_first_not_of(" \t\r\n", open);
    const std::size_t close = open == std::string::npos ? open : text.find(')', open);
    if (close == std::string::npos || text[open] != '(') {
      return refuse(begin, kDelta.size(), "delta() takes one signal", help);
    }
    std::size_t place = open + 1;
    const std::string name(trimmed(std::string_view(text).substr(place, close - place), place));
    if (std::find(scope.signals.begin(), scope.signals.end(), name) == scope.signals.end()) {
      const std::vector<std::string> known = known_names(scope);
      const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), is_word) &&
                           std::find(known.begin(), known.end(), name) == known.end();
      if (is_name) return unknown_name(name, place, scope.signals);
      return refuse(name.empty() ? begin : place, std::max(name.size(), std::size_t{1}),
                    "delta() takes one signal", help);
    }
    std::string variable = format("delta_{}_", name);
    variable.resize(close + 1 - begin, ' ');
    text.replace(begin, variable.size(), variable);
    at = close;
  }
  return std::nullopt;
}

// muParser can assign and knows strings; here both are a slip of the pen.
std::optional<ExpressionError> find_foreign_sign(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return refuse(i, 1, "there are no texts in an expression");
    if (text[i] != '=') continue;
    const bool compares = i > 0 && std::string_view("<>=!").find(text[i - 1]) != text.npos;
    const bool doubled = i + 1 < text.size() && text[i + 1] == '=';
    if (!compares && !doubled) return refuse(i, 1, "'=' gives a value to nothing here");
  }
  return std::nullopt;
}

// The word that the text has at `at`, also where `at` stands within it; no digits lead it.
std::string_view word_around(std::string_view text, std::size_t at, std::size_t& begin) {
  begin = at;
  std::size_t end = at;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  while (begin < end && is_digit(text[begin])) ++begin;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(begin, end - begin);
}

// muParser met a word that it does not know; its head may have passed for a unit, as in `5 speed`.
ExpressionError explain_word(std::string_view text, std::size_t at, const Scope& scope,
                             const mu::Parser& parser) {
  std::size_t begin = 0;
  const std::string word(word_around(text, at, begin));
  const std::vector<std::string> known = known_names(scope);
  if (std::find(known.begin(), known.end(), word) != known.end()) {
    return {begin, word.size(), format("a sign is missing before '{}'", word), ""};
  }
  if (!word.empty() && is_digit(word.front())) {
    return {begin, word.size(), format("'{}' is no number", word), ""};
  }
  if (parser.GetFunDef().count(word) > 0) {
    return {begin, word.size(), format("'{}' is a function", word),
            format("write '{}(...)'", word)};
  }
  return unknown_name(word, begin, known);
}

// In words of takt's own: muParser's count from the beginning of this piece, which may be a part of
// a condition.
ExpressionError explain(const mu::Parser::exception_type& refusal, std::string_view text,
                        const Scope& scope, const mu::Parser& parser) {
  const std::string token = refusal.GetToken();
  const std::size_t place = static_cast<std::size_t>(std::max(refusal.GetPos(), 0));
  const std::size_t at = std::min(place, text.size());
  switch (refusal.GetCode()) {
    case mu::ecUNEXPECTED_EOF:
    case mu::ecEMPTY_EXPRESSION:
      return {at, 1, "a value is missing here", ""};
    case mu::ecMISSING_PARENS:
      return {at, 1, "a parenthesis is never closed", ""};
    case mu::ecTOO_MANY_PARAMS:
    case mu::ecTOO_FEW_PARAMS:
      return {at - std::min<std::size_t>(at, 1), 1,
              format("{}() takes {} arguments", token,
                     refusal.GetCode() == mu::ecTOO_MANY_PARAMS ? "fewer" : "more"),
              ""};
    default:
      break;
  }
  if (at == text.size()) return {at, 1, "something is missing here", ""};
  if (refusal.GetCode() == mu::ecUNASSIGNABLE_TOKEN && is_word(text[at])) {
    return explain_word(text, at, scope, parser);
  }
  if (text[at] == '(' && at > 0 && is_word(text[at - 1])) {
    std::size_t begin = 0;
    const std::string_view word = word_around(text, at - 1, begin);
    return {begin, word.size(), format("there is no function '{}'", word), ""};
  }
  const bool one_sign = refusal.GetCode() == mu::ecUNASSIGNABLE_TOKEN;
  const std::size_t length = one_sign ? 1 : std::max<std::size_t>(token.size(), 1);
  return {at, length, format("'{}' cannot stand here", text.substr(at, length)), ""};
}

double in_milli(double value) { return value * 1e-3; }
double in_micro(double value) { return value * 1e-6; }
double in_seconds(double value) { return value; }
double in_percent(double value) { return value * 1e-2; }

// muParser's own lose what is no number, depending on the order of their arguments.
double extreme(const double* values, int count, bool largest) {
  double result = values[0];
  for (int i = 1; i < count; ++i) {
    const bool replaces = largest ? values[i] > result : values[i] < result;
    if (std::isnan(values[i]) || replaces) result = values[i];
    if (std::isnan(result)) break;
  }
  return result;
}
double smallest_of(const double* values, int count) { return extreme(values, count, false); }
double largest_of(const double* values, int count) { return extreme(values, count, true); }
double sign_of(double value) {
  if (std::isnan(value) || value == 0.0) return value;
  return value < 0.0 ? -1.0 : 1.0;
}

void add_functions(mu::Parser& parser) {
  parser.DefinePostfixOprt("ms", in_milli);
  parser.DefinePostfixOprt("us", in_micro);
  parser.DefinePostfixOprt("s", in_seconds);
  parser.DefinePostfixOprt("%", in_percent);
  parser.DefineFun("min", smallest_of);
  parser.DefineFun("max", largest_of);
  parser.DefineFun("sign", sign_of);
}

}  // namespace

struct Formula::State {
  mu::Parser parser;
  double t = 0.0;
  std::vector<double> values;  // Never grows: the parser holds their addresses.
  std::vector<double> deltas;
  std::vector<std::size_t> signals;
};

Formula::Formula(std::unique_ptr<State> state) : state_(std::move(state)) {}
Formula::Formula(Formula&&) noexcept = default;
Formula& Formula::operator=(Formula&&) noexcept = default;
Formula::~Formula() = default;

std::optional<Formula> Formula::parse(std::string_view text, const Scope& scope,
                                      ExpressionError& error) {
  auto state = std::make_unique<State>();
  state->values.resize(scope.signals.size());
  state->deltas.resize(scope.signals.size());
  std::string readable(text);
  auto slip = find_foreign_sign(text);
  if (!slip) slip = name_deltas(readable, scope);
  if (slip) {
    error = *slip;
    return std::nullopt;
  }
  try {
    mu::Parser& parser = state->parser;
    add_functions(parser);
    parser.DefineVar("t", &state->t);
    for (std::size_t i = 0; i < scope.signals.size(); ++i) {
      parser.DefineVar(scope.signals[i], &state->values[i]);
      parser.DefineVar(format("delta_{}_", scope.signals[i]), &state->deltas[i]);
    }
    for (const NamedValue& word : scope.words) parser.DefineConst(word.name, word.value);
    parser.SetExpr(readable);
    for (const auto& [name, address] : parser.GetUsedVar()) {
      for (std::size_t i = 0; i < scope.signals.size(); ++i) {
        const bool reads = address == &state->values[i] || address == &state->deltas[i];
        if (reads) state->signals.push_back(i);
      }
    }
    // An unknown name is found only when the text is compiled.
    parser.Eval();
    if (parser.GetNumResults() != 1) {
      error = {0, text.size(), format("one value is wanted here, not {}", parser.GetNumResults()),
               ""};
      return std::nullopt;
    }
  } catch (const mu::Parser::exception_type& refusal) {
    error = explain(refusal, text, scope, state->parser);
    return std::nullopt;
  }
  std::sort(state->signals.begin(), state->signals.end());
  state->signals.erase(std::unique(state->signals.begin(), state->signals.end()),
                       state->signals.end());
  return Formula(std::move(state));
}

double Formula::value(const Instant& instant) const {
  state_->t = instant.t;
  std::copy(instant.values.begin(), instant.values.end(), state_->values.begin());
  std::copy(instant.deltas.begin(), instant.deltas.end(), state_->deltas.begin());
  try {
    return state_->parser.Eval();
  } catch (const mu::Parser::exception_type&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

const std::vector<std::size_t>& Formula::signals() const { return state_->signals; }

}  // namespace takt::scenario
