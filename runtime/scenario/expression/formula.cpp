#include "runtime/scenario/expression/formula.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

#include <muParser.h>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

constexpr std::string_view kDelta = "delta";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// `delta(speed)` becomes the variable `delta_speed_`, of the same length, so that every place in
// the text stays where the user wrote it.
std::string with_delta_names(std::string text) {
  std::size_t at = 0;
  while ((at = text.find(kDelta, at)) != std::string::npos) {
    const std::size_t open = at + kDelta.size();
    const bool whole_word = (at == 0 || !is_word(text[at - 1])) && open < text.size();
    const std::size_t close = text.find(')', open);
    if (whole_word && text[open] == '(' && close != std::string::npos &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(open) + 1,
                    text.begin() + static_cast<std::ptrdiff_t>(close), is_word)) {
      text[open] = '_';
      text[close] = '_';
    }
    at = open;
  }
  return text;
}

// The words of an expression that could be meant as names.
std::vector<std::string> known_names(const Scope& scope) {
  std::vector<std::string> names = scope.signals;
  names.emplace_back("t");
  for (const NamedValue& word : scope.words) names.push_back(word.name);
  return names;
}

ExpressionError explain(const mu::Parser::exception_type& refusal, const Scope& scope) {
  ExpressionError error;
  const std::string token = refusal.GetToken();
  const int position = refusal.GetPos();
  error.at = position > 0 ? static_cast<std::size_t>(position) : 0;
  error.length = std::max<std::size_t>(token.size(), 1);
  if (refusal.GetCode() == mu::ecUNASSIGNABLE_TOKEN && !token.empty() && is_word(token.front())) {
    std::size_t end = 0;
    while (end < token.size() && is_word(token[end])) ++end;
    const std::string word = token.substr(0, end);
    const std::vector<std::string> known = known_names(scope);
    const std::string near = nearest_word(word, known);
    error.length = word.size();
    error.message =
        near.empty() ? format("there is no signal '{}'", word)
                     : format("there is no signal '{}'; did you mean '{}'?", word, near);
    error.help = format("names here: {}", fmt::join(known, ", "));
    return error;
  }
  error.message = refusal.GetMsg();
  if (error.message.ends_with('.')) error.message.pop_back();
  return error;
}

double in_milli(double value) { return value * 1e-3; }
double in_micro(double value) { return value * 1e-6; }
double in_seconds(double value) { return value; }
double in_percent(double value) { return value * 1e-2; }

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
  try {
    mu::Parser& parser = state->parser;
    parser.DefinePostfixOprt("ms", in_milli);
    parser.DefinePostfixOprt("us", in_micro);
    parser.DefinePostfixOprt("s", in_seconds);
    parser.DefinePostfixOprt("%", in_percent);
    parser.DefineVar("t", &state->t);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < scope.signals.size(); ++i) {
      parser.DefineVar(scope.signals[i], &state->values[i]);
      parser.DefineVar(format("delta_{}_", scope.signals[i]), &state->deltas[i]);
    }
    for (const NamedValue& word : scope.words) parser.DefineConst(word.name, word.value);
    parser.SetExpr(with_delta_names(std::string(text)));
    for (const auto& [name, address] : parser.GetUsedVar()) {
      for (std::size_t i = 0; i < scope.signals.size(); ++i) {
        const bool reads = address == &state->values[i] || address == &state->deltas[i];
        if (reads) state->signals.push_back(i);
      }
    }
    // An unknown name is found only when the text is compiled.
    parser.Eval();
  } catch (const mu::Parser::exception_type& refusal) {
    error = explain(refusal, scope);
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
