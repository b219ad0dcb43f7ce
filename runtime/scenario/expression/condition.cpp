#include "runtime/scenario/expression/condition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <takt/base/text.hpp>

#include "runtime/scenario/expression/words.hpp"

namespace takt::scenario {

struct Condition::Term {
  enum class Kind { all, any, negated, less, less_equal, greater, greater_equal, equal, unequal };
  Kind kind = Kind::all;
  std::vector<std::unique_ptr<Term>> parts;
  std::optional<Formula> left;
  std::optional<Formula> right;
};

namespace {

using Term = Condition::Term;
constexpr std::size_t kDepthMax = 64;  // Parentheses in each other; nobody writes as many.

struct Comparison {
  std::string_view sign;
  Term::Kind kind;
};
// Longer signs first: `<=` begins with `<`.
constexpr std::array kComparisons{
    Comparison{"<=", Term::Kind::less_equal}, Comparison{">=", Term::Kind::greater_equal},
    Comparison{"==", Term::Kind::equal},      Comparison{"!=", Term::Kind::unequal},
    Comparison{"<", Term::Kind::less},        Comparison{">", Term::Kind::greater}};

// Cuts a condition into its parts, outermost first. `base` is where the piece stands in the whole.
class Reader {
 public:
  Reader(const Scope& scope, ExpressionError& error) : scope_(scope), error_(error) {}

  // Whether something is wrong wherever it stands: parentheses, the signs of other languages.
  bool refuses(std::string_view text) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') open.push_back(i);
      if (text[i] == ')' && open.empty()) {
        refuse(i, 1, "this parenthesis closes nothing");
        return true;
      }
      if (text[i] == ')') open.pop_back();
      if (is_double_sign(text.substr(i, 2))) {
        ++i;
      } else if (text[i] == '=') {
        refuse(i, 1, "'=' is no comparison", "write '==', or '<=' or '>='");
        return true;
      } else if (text[i] == '&' || text[i] == '|') {
        refuse(i, 1, format("'{}' joins nothing", text[i]),
               text[i] == '&' ? "write 'and'" : "write 'or'");
        return true;
      }
    }
    if (!open.empty()) refuse(open.back(), 1, "this parenthesis is never closed");
    return !open.empty();
  }

  std::unique_ptr<Term> read(std::string_view text, std::size_t base, std::size_t depth) {
    if (depth > kDepthMax) return refuse(base, 1, "parentheses are too deep in each other");
    text = trimmed(text, base);
    if (text.empty()) return refuse(base, 1, "a condition is missing here");
    for (const auto& [word, sign, kind] :
         {Junction{"or", "||", Term::Kind::any}, Junction{"and", "&&", Term::Kind::all}}) {
      const auto cuts = find_joints(text, word, sign);
      if (!cuts.empty()) return read_parts(text, base, cuts, kind, depth);
    }
    if (const std::size_t skip = negation(text); skip > 0) {
      auto term = make(Term::Kind::negated);
      term->parts.push_back(read(text.substr(skip), base + skip, depth + 1));
      return term->parts.front() ? std::move(term) : nullptr;
    }
    for (std::size_t i = 0, level = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++level;
      if (text[i] == ')' && level > 0) --level;
      if (level > 0) continue;
      for (const Comparison& comparison : kComparisons) {
        if (!text.substr(i).starts_with(comparison.sign)) continue;
        return read_comparison(text, base, i, comparison);
      }
    }
    if (is_enclosed(text)) {
      return read(text.substr(1, text.size() - 2), base + 1, depth + 1);
    }
    if (!formula(text, base)) return nullptr;
    return refuse(base, text.size(), format("'{}' is a number, not a condition", text),
                  format("compare it, as in '{} > 0'", text));
  }

 private:
  struct Junction {
    std::string_view word;
    std::string_view sign;
    Term::Kind kind;
  };
  struct Cut {
    std::size_t at;
    std::size_t length;
  };

  static bool is_double_sign(std::string_view two) {
    return two == "<=" || two == ">=" || two == "==" || two == "!=" || two == "&&" || two == "||";
  }

  static std::unique_ptr<Term> make(Term::Kind kind) {
    auto term = std::make_unique<Term>();
    term->kind = kind;
    return term;
  }

  // Where `word` or `sign` joins two conditions outside of parentheses.
  static std::vector<Cut> find_joints(std::string_view text, std::string_view word,
                                      std::string_view sign) {
    std::vector<Cut> cuts;
    std::size_t level = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++level;
      if (text[i] == ')' && level > 0) --level;
      if (level > 0) continue;
      if (text.substr(i).starts_with(sign)) {
        cuts.push_back({i, sign.size()});
        i += sign.size() - 1;
        continue;
      }
      const std::size_t end = i + word.size();
      const bool stands_alone =
          (i == 0 || !is_word(text[i - 1])) && (end >= text.size() || !is_word(text[end]));
      if (text.substr(i).starts_with(word) && stands_alone) cuts.push_back({i, word.size()});
    }
    return cuts;
  }

  // The first parenthesis closes with the last character.
  static bool is_enclosed(std::string_view text) {
    if (text.front() != '(') return false;
    std::size_t level = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++level;
      if (text[i] == ')' && --level == 0) return i + 1 == text.size();
    }
    return false;
  }

  // How long a leading `not` or `!` is.
  static std::size_t negation(std::string_view text) {
    if (text.front() == '!') return text.starts_with("!=") ? 0 : 1;
    const bool is_not = text.starts_with("not") && (text.size() == 3 || !is_word(text[3]));
    return is_not ? 3 : 0;
  }

  std::unique_ptr<Term> read_parts(std::string_view text, std::size_t base,
                                   const std::vector<Cut>& cuts, Term::Kind kind,
                                   std::size_t depth) {
    auto term = make(kind);
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
      const std::size_t end = i < cuts.size() ? cuts[i].at : text.size();
      auto part = read(text.substr(begin, end - begin), base + begin, depth + 1);
      if (!part) return nullptr;
      term->parts.push_back(std::move(part));
      begin = i < cuts.size() ? end + cuts[i].length : end;
    }
    return term;
  }

  std::unique_ptr<Term> read_comparison(std::string_view text, std::size_t base, std::size_t at,
                                        const Comparison& comparison) {
    auto term = make(comparison.kind);
    const std::size_t behind = at + comparison.sign.size();
    term->left = formula(text.substr(0, at), base);
    if (!term->left) return nullptr;
    term->right = formula(text.substr(behind), base + behind);
    return term->right ? std::move(term) : nullptr;
  }

  std::optional<Formula> formula(std::string_view text, std::size_t base) {
    text = trimmed(text, base);
    if (text.empty()) {
      refuse(base, 1, "a value is missing here");
      return std::nullopt;
    }
    const std::size_t nested = text.find_first_of("<>=!&|");
    if (nested != std::string_view::npos) {
      refuse(base + nested, 1, "a comparison within a comparison or a calculation",
             "join comparisons by 'and' or 'or'");
      return std::nullopt;
    }
    auto parsed = Formula::parse(text, scope_, error_);
    if (!parsed) error_.at = base + std::min(error_.at, text.size() - 1);
    return parsed;
  }

  std::unique_ptr<Term> refuse(std::size_t at, std::size_t length, std::string message,
                               std::string help = "") {
    error_ = {at, length, std::move(message), std::move(help)};
    return nullptr;
  }

  const Scope& scope_;
  ExpressionError& error_;
};

void collect_signals(const Term& term, std::vector<std::size_t>& signals) {
  for (const auto* formula : {&term.left, &term.right}) {
    if (*formula) {
      signals.insert(signals.end(), (*formula)->signals().begin(), (*formula)->signals().end());
    }
  }
  for (const auto& part : term.parts) collect_signals(*part, signals);
}

// Of a comparison with what is no number, until the whole condition is known.
constexpr Truth kUndecided{false, std::numeric_limits<double>::quiet_NaN()};

Truth compare(const Term& term, const Instant& instant) {
  const double left = term.left->value(instant);
  const double right = term.right->value(instant);
  if (std::isnan(left) || std::isnan(right)) {
    return kUndecided;
  }
  // Two equal infinities differ by NaN: they are equal.
  const double gap = left == right ? 0.0 : right - left;
  switch (term.kind) {
    case Term::Kind::less:
      return {left < right, gap};
    case Term::Kind::less_equal:
      return {left <= right, gap};
    case Term::Kind::greater:
      return {left > right, -gap};
    case Term::Kind::greater_equal:
      return {left >= right, -gap};
    case Term::Kind::equal:
      return {left == right, -std::abs(gap)};
    default:
      return {left != right, std::abs(gap)};
  }
}

// What is no number leaves a part undecided; it does not matter where the other part alone decides.
Truth join(Term::Kind kind, const Truth& a, const Truth& b) {
  const bool all = kind == Term::Kind::all;
  if (std::isnan(a.margin) || std::isnan(b.margin)) {
    const Truth& other = std::isnan(a.margin) ? b : a;
    return other.holds == all ? kUndecided : other;
  }
  if (all) return {a.holds && b.holds, std::min(a.margin, b.margin)};
  return {a.holds || b.holds, std::max(a.margin, b.margin)};
}

Truth judge(const Term& term, const Instant& instant) {
  if (term.parts.empty()) return compare(term, instant);
  Truth result = judge(*term.parts.front(), instant);
  if (term.kind == Term::Kind::negated) {
    return std::isnan(result.margin) ? kUndecided : Truth{!result.holds, -result.margin};
  }
  for (std::size_t i = 1; i < term.parts.size(); ++i) {
    result = join(term.kind, result, judge(*term.parts[i], instant));
  }
  return result;
}

}  // namespace

Condition::Condition(std::unique_ptr<Term> root, std::string text)
    : root_(std::move(root)), text_(std::move(text)) {
  collect_signals(*root_, signals_);
  std::sort(signals_.begin(), signals_.end());
  signals_.erase(std::unique(signals_.begin(), signals_.end()), signals_.end());
}
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

std::optional<Condition> Condition::parse(std::string_view text, const Scope& scope,
                                          ExpressionError& error) {
  Reader reader(scope, error);
  if (reader.refuses(text)) return std::nullopt;
  auto root = reader.read(text, 0, 0);
  if (!root) return std::nullopt;
  return Condition(std::move(root), std::string(text));
}

Truth Condition::at(const Instant& instant) const {
  const Truth truth = judge(*root_, instant);
  if (std::isnan(truth.margin)) return {false, -std::numeric_limits<double>::infinity()};
  return truth;
}

}  // namespace takt::scenario
