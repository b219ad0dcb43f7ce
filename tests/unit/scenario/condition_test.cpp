// Conditions over signals: truth, margins, what is no number, and what is said of a mistake.
#include "runtime/scenario/expression/condition.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace takt::scenario {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

const Scope& three_signals() {
  static const Scope scope{{"a", "b", "state"}, {{"safe", 5.0}, {"running", 4.0}}};
  return scope;
}

Truth judged(std::string_view text, double a, double b = 0.0, double state = 4.0) {
  ExpressionError error;
  const auto sut = Condition::parse(text, three_signals(), error);
  EXPECT_TRUE(sut.has_value()) << text << ": " << error.message;
  if (!sut) return {};
  const std::array values{a, b, state};
  const std::array deltas{0.5, -2.0, 0.0};
  return sut->at({1.5, values, deltas});
}

ExpressionError refusal_of(std::string_view text) {
  ExpressionError error;
  EXPECT_FALSE(Condition::parse(text, three_signals(), error).has_value()) << text;
  EXPECT_LE(error.at, text.size()) << text;
  return error;
}

std::string underlined(std::string_view text) {
  const ExpressionError error = refusal_of(text);
  return error.at < text.size() ? std::string(text.substr(error.at, error.length)) : "(outside)";
}

TEST(Condition, ComparesWithAllSixSigns) {
  struct Case {
    const char* text;
    bool below, equal, above;  // a = 1, 2, 3 against 2.
  };
  for (const Case& c : {Case{"a < 2", true, false, false}, Case{"a <= 2", true, true, false},
                        Case{"a > 2", false, false, true}, Case{"a >= 2", false, true, true},
                        Case{"a == 2", false, true, false}, Case{"a != 2", true, false, true}}) {
    EXPECT_EQ(judged(c.text, 1).holds, c.below) << c.text;
    EXPECT_EQ(judged(c.text, 2).holds, c.equal) << c.text;
    EXPECT_EQ(judged(c.text, 3).holds, c.above) << c.text;
  }
}

TEST(Condition, MarginSaysHowFarAwayTheOtherVerdictIs) {
  EXPECT_DOUBLE_EQ(judged("a < 2", 0.5).margin, 1.5);
  EXPECT_DOUBLE_EQ(judged("a < 2", 2.5).margin, -0.5);
  EXPECT_DOUBLE_EQ(judged("a >= b", 3, 1).margin, 2.0);
  EXPECT_DOUBLE_EQ(judged("a == b", 3, 1).margin, -2.0);
  EXPECT_DOUBLE_EQ(judged("a == b", 3, 3).margin, 0.0);
  EXPECT_DOUBLE_EQ(judged("a != b", 3, 1).margin, 2.0);
  EXPECT_DOUBLE_EQ(judged("a < 2 and b < 9", 1, 1).margin, 1.0);
  EXPECT_DOUBLE_EQ(judged("a < 2 or b < 9", 1, 1).margin, 8.0);
  EXPECT_DOUBLE_EQ(judged("not a < 2", 1).margin, -1.0);
}

TEST(Condition, JoinsByTheTruthTable) {
  for (const bool p : {false, true}) {
    for (const bool q : {false, true}) {
      const double a = p ? 1 : -1;
      const double b = q ? 1 : -1;
      EXPECT_EQ(judged("a > 0 and b > 0", a, b).holds, p && q);
      EXPECT_EQ(judged("a > 0 && b > 0", a, b).holds, p && q);
      EXPECT_EQ(judged("a > 0 or b > 0", a, b).holds, p || q);
      EXPECT_EQ(judged("a > 0 || b > 0", a, b).holds, p || q);
      EXPECT_EQ(judged("not a > 0 and b > 0", a, b).holds, !p && q);
      EXPECT_EQ(judged("not (a > 0 and b > 0)", a, b).holds, !(p && q));
      EXPECT_EQ(judged("!(a > 0) || !(b > 0)", a, b).holds, !p || !q);
      EXPECT_EQ(judged("not not a > 0", a, b).holds, p);
    }
  }
}

TEST(Condition, AndBindsTighterThanOr) {
  for (const double state : {-1.0, 1.0}) {
    EXPECT_TRUE(judged("a > 0 or b > 0 and state > 0", 1, -1, state).holds);
    EXPECT_EQ(judged("(a > 0 or b > 0) and state > 0", 1, -1, state).holds, state > 0);
  }
}

TEST(Condition, ParenthesesStandAroundConditionsAndValues) {
  EXPECT_TRUE(judged("((a > 1))", 2).holds);
  EXPECT_TRUE(judged("(a + b) * 2 > (1 + 2)", 1, 1).holds);
  EXPECT_TRUE(judged("(a > 1) and (b < 1)", 2, 0).holds);
  EXPECT_TRUE(judged("max(a, b) - min(a, b) < 3", 1, 3).holds);
  EXPECT_TRUE(judged("a > 1\n  and b < 1\n", 2, 0).holds);
  EXPECT_TRUE(judged("a>1&&b<1", 2, 0).holds);
}

TEST(Condition, ReadsWordsDeltasTimeAndUnits) {
  EXPECT_TRUE(judged("state == running", 0).holds);
  EXPECT_FALSE(judged("state == safe", 0).holds);
  EXPECT_TRUE(judged("abs(delta(b)) > delta(a)", 0).holds);
  EXPECT_TRUE(judged("t > 1200 ms and t <= 1.5 s", 0).holds);
  EXPECT_TRUE(judged("a < 5 %", 0.04).holds);
}

TEST(Condition, ListsItsSignalsOnceInTheirOrder) {
  ExpressionError error;
  const auto sut =
      Condition::parse("state == safe or a < delta(b) and a > 0", three_signals(), error);
  ASSERT_TRUE(sut.has_value());
  EXPECT_EQ(sut->signals(), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(sut->text(), "state == safe or a < delta(b) and a > 0");
}

TEST(Condition, WhatIsNoNumberHoldsNeitherWayRound) {
  for (const char* text :
       {"a < 1", "a >= 1", "a == a", "a != 1", "not a < 1", "not (a != 1)", "a < 1 and b < 1",
        "a < 1 or b > 1", "not (a < 1 or b > 1)", "not (a < 1 and b < 1)"}) {
    const Truth truth = judged(text, kNoNumber, 0.5);
    EXPECT_FALSE(truth.holds) << text;
    EXPECT_EQ(truth.margin, -kInfinity) << text;
  }
}

TEST(Condition, TheOtherPartDecidesWhereWhatIsNoNumberCannotMatter) {
  EXPECT_TRUE(judged("a < 1 or b < 1", kNoNumber, 0.5).holds);
  EXPECT_DOUBLE_EQ(judged("b < 1 or a < 1", kNoNumber, 0.5).margin, 0.5);
  EXPECT_FALSE(judged("a < 1 and b > 1", kNoNumber, 0.5).holds);
  EXPECT_TRUE(judged("not (a < 1 and b > 1)", kNoNumber, 0.5).holds);
}

TEST(Condition, InfinitiesCompareAsNumbersDo) {
  EXPECT_TRUE(judged("a == b", kInfinity, kInfinity).holds);
  EXPECT_DOUBLE_EQ(judged("a <= b", kInfinity, kInfinity).margin, 0.0);
  EXPECT_EQ(judged("a < b", -kInfinity, kInfinity).margin, kInfinity);
  EXPECT_FALSE(judged("a < 1", kInfinity).holds);
}

TEST(Condition, RefusesComparisonsWithinEachOther) {
  const ExpressionError chained = refusal_of("0 < a < 3");
  EXPECT_EQ(chained.at, 6u);
  EXPECT_EQ(chained.message, "a comparison within a comparison or a calculation");
  EXPECT_EQ(chained.help, "join comparisons by 'and' or 'or'");
  EXPECT_EQ(underlined("(a > 1) + 2 > 0"), ">");
  EXPECT_EQ(underlined("max(a > 1, 2) > 0"), ">");
  EXPECT_EQ(refusal_of("(a > 1) (b > 2)").message, chained.message);
}

TEST(Condition, RefusesWhatIsOnlyANumber) {
  const ExpressionError error = refusal_of("a > 0 and a + b");
  EXPECT_EQ(error.message, "'a + b' is a number, not a condition");
  EXPECT_EQ(error.help, "compare it, as in 'a + b > 0'");
  EXPECT_EQ(underlined("a > 0 and a + b"), "a + b");
}

TEST(Condition, SaysWhereAPartIsMissing) {
  EXPECT_EQ(refusal_of("").message, "a condition is missing here");
  EXPECT_EQ(refusal_of("a > 0 and").message, "a condition is missing here");
  EXPECT_EQ(refusal_of("a > 0 and").at, 9u);
  EXPECT_EQ(refusal_of("or a > 0").at, 0u);
  EXPECT_EQ(refusal_of("not").message, "a condition is missing here");
  EXPECT_EQ(refusal_of("()").message, "a condition is missing here");
  EXPECT_EQ(refusal_of("a >").message, "a value is missing here");
  EXPECT_EQ(refusal_of("a >").at, 3u);
  EXPECT_EQ(refusal_of("< 3").message, "a value is missing here");
  EXPECT_EQ(refusal_of("!= 3").message, "a value is missing here");
}

TEST(Condition, RefusesTheSignOfAnAssignment) {
  EXPECT_EQ(refusal_of("a = 3").message, "'=' is no comparison");
  EXPECT_EQ(refusal_of("a = 3").help, "write '==', or '<=' or '>='");
  EXPECT_EQ(underlined("b > 0 and a = 3"), "=");
  EXPECT_EQ(underlined("a =< 3"), "=");
  EXPECT_EQ(refusal_of("a > 0 & b > 0").message, "'&' joins nothing");
  EXPECT_EQ(refusal_of("a > 0 & b > 0").help, "write 'and'");
  EXPECT_EQ(refusal_of("a > 0 | b > 0").help, "write 'or'");
}

TEST(Condition, SaysWhichParenthesisHasNoPartner) {
  EXPECT_EQ(refusal_of("b > 0 and (a > 3").message, "this parenthesis is never closed");
  EXPECT_EQ(refusal_of("b > 0 and (a > 3").at, 10u);
  EXPECT_EQ(refusal_of("a > 3) or b > 1").message, "this parenthesis closes nothing");
  EXPECT_EQ(refusal_of("a > 3) or b > 1").at, 5u);
}

TEST(Condition, PlacesTheMistakesOfItsValuesInTheWholeText) {
  EXPECT_EQ(underlined("a > 0 and (stat == safe)"), "stat");
  EXPECT_EQ(refusal_of("a > 0 and (stat == safe)").message,
            "there is no signal 'stat'; did you mean 'state'?");
  EXPECT_EQ(refusal_of("state == runing").message,
            "there is no signal 'runing'; did you mean 'running'?");
  EXPECT_EQ(underlined("a > 1 and state == runing"), "runing");
  EXPECT_EQ(underlined("a > 1 and  delta(stat) > 0"), "stat");
}

TEST(Condition, RefusesParenthesesWithoutEnd) {
  std::string deep(1000, '(');
  deep += "a > 0";
  deep.append(1000, ')');
  EXPECT_EQ(refusal_of(deep).message, "parentheses are too deep in each other");
  std::string negated;
  for (int i = 0; i < 1000; ++i) negated += "not ";
  EXPECT_FALSE(refusal_of(negated + "a > 0").message.empty());
}

TEST(Condition, TakesAnyTextWithoutHarm) {
  constexpr std::array kPieces{"a",  "b",   "state", "safe", "delta(", "delta", "t", "(",    ")",
                               "<",  ">",   "<=",    "==",   "!=",     "=",     "!", "&&",   "|",
                               "or", "and", "not",   "min(", ",",      "sqrt(", "1", "2.5e", "ms",
                               "%",  "s",   "+",     "-",    "*",      "/",     "^", "?",    ":",
                               " ",  "\n",  "\"",    "\xff", "$",      "0x",    "_", "sq"};
  const std::vector<std::string_view> whole{"a",  "<",    "2.5", "and", "(",      "state",
                                            "==", "safe", "or",  "not", "delta(", "b",
                                            ")",  ">",    "5",   "ms",  ")"};
  std::uint64_t state = 1;
  const auto any_below = [&state](std::size_t limit) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33) % limit;
  };
  std::size_t good = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string_view> pieces = whole;
    pieces.resize(1 + any_below(pieces.size()));
    for (std::size_t changes = any_below(4); changes > 0; --changes) {
      pieces[any_below(pieces.size())] = kPieces[any_below(kPieces.size())];
    }
    std::string text;
    for (const std::string_view piece : pieces) {
      text += piece;
      if (any_below(3) > 0) text += " ";
    }
    ExpressionError error;
    const auto sut = Condition::parse(text, three_signals(), error);
    if (!sut) {
      EXPECT_FALSE(error.message.empty()) << text;
      EXPECT_LE(error.at, text.size()) << text;
      EXPECT_GE(error.length, 1u) << text;
      continue;
    }
    ++good;
    const std::array values{1.0, -2.0, kNoNumber};
    const std::array deltas{0.0, 0.0, 0.0};
    const Truth truth = sut->at({0.5, values, deltas});
    EXPECT_FALSE(std::isnan(truth.margin)) << text;
  }
  EXPECT_GE(good, 200u);  // Some of them are conditions.
}

TEST(Condition, NeitherNamesNorNumbersAreTakenForJoints) {
  const Scope scope{{"order", "band", "notch"}, {}};
  ExpressionError error;
  const auto sut = Condition::parse("order > 1 and band < 3 or notch > 2", scope, error);
  ASSERT_TRUE(sut.has_value()) << error.message;
  const std::array values{2.0, 1.0, 0.0};
  const std::array deltas{0.0, 0.0, 0.0};
  EXPECT_TRUE(sut->at({0.0, values, deltas}).holds);
}

}  // namespace
}  // namespace takt::scenario
