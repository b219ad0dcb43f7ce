// Arithmetic over signals: values, names, units of numbers, and what is said of a mistake.
#include "runtime/scenario/expression/formula.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace takt::scenario {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

// At t = 2 s: speed 3 after 2.5, slip 0.25 after 0.5.
const Scope& plain_scope() {
  static const Scope scope{{"speed", "slip"}, {{"safe", 5.0}, {"running", 4.0}}};
  return scope;
}

double evaluated(std::string_view text, double speed = 3.0, double slip = 0.25) {
  ExpressionError error;
  const auto sut = Formula::parse(text, plain_scope(), error);
  EXPECT_TRUE(sut.has_value()) << text << ": " << error.message;
  if (!sut) return kNotANumber;
  const std::array values{speed, slip};
  const std::array deltas{0.5, -0.25};
  return sut->value({2.0, values, deltas});
}

ExpressionError refused(std::string_view text) {
  ExpressionError error;
  EXPECT_FALSE(Formula::parse(text, plain_scope(), error).has_value()) << text;
  return error;
}

// What the error underlines.
std::string marked(std::string_view text) {
  const ExpressionError error = refused(text);
  return error.at < text.size() ? std::string(text.substr(error.at, error.length)) : "(outside)";
}

TEST(Formula, CalculatesWithSignalsFunctionsAndTime) {
  EXPECT_DOUBLE_EQ(evaluated("speed"), 3.0);
  EXPECT_DOUBLE_EQ(evaluated("2 * speed - slip / 0.5"), 5.5);
  EXPECT_DOUBLE_EQ(evaluated("abs(-speed) + max(speed, slip) ^ 2"), 12.0);
  EXPECT_DOUBLE_EQ(evaluated("sqrt(speed + 1) * t"), 4.0);
  EXPECT_DOUBLE_EQ(evaluated("-speed"), -3.0);
  EXPECT_DOUBLE_EQ(evaluated("1.5e3"), 1500.0);
  EXPECT_DOUBLE_EQ(evaluated("speed\n  + slip"), 3.25);
}

TEST(Formula, NumbersCarryMilliMicroSecondsAndPercent) {
  EXPECT_DOUBLE_EQ(evaluated("10ms"), 0.010);
  EXPECT_DOUBLE_EQ(evaluated("250 us"), 250e-6);
  EXPECT_DOUBLE_EQ(evaluated("1.5 s + 1s"), 2.5);
  EXPECT_DOUBLE_EQ(evaluated("5 % * speed"), 0.15);
  EXPECT_DOUBLE_EQ(evaluated("5%*2"), 0.1);
}

TEST(Formula, DeltaIsTheStepOfASignal) {
  EXPECT_DOUBLE_EQ(evaluated("delta(speed)"), 0.5);
  EXPECT_DOUBLE_EQ(evaluated("abs(delta(slip)) + delta(speed)"), 0.75);
  EXPECT_DOUBLE_EQ(evaluated("delta( speed )"), 0.5);
  EXPECT_DOUBLE_EQ(evaluated("delta (slip) * 4 + speed"), 2.0);
}

TEST(Formula, WordsAreConstants) {
  EXPECT_DOUBLE_EQ(evaluated("safe"), 5.0);
  EXPECT_DOUBLE_EQ(evaluated("safe - running"), 1.0);
}

TEST(Formula, SaysWhichSignalsItReads) {
  ExpressionError error;
  const auto signals_of = [&error](std::string_view text) {
    return Formula::parse(text, plain_scope(), error)->signals();
  };

  EXPECT_TRUE(signals_of("t + 1 + safe").empty());
  EXPECT_EQ(signals_of("slip"), std::vector<std::size_t>{1});
  EXPECT_EQ(signals_of("slip + speed * slip"), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(signals_of("delta(speed) + speed"), std::vector<std::size_t>{0});
}

TEST(Formula, WhatIsNoNumberMakesNoNumber) {
  EXPECT_TRUE(std::isnan(evaluated("sqrt(-speed)")));
  EXPECT_TRUE(std::isnan(evaluated("speed + 1", kNotANumber)));
  for (const char* text : {"min(speed, slip)", "min(slip, speed)", "max(speed, slip)",
                           "max(slip, speed)", "sign(speed)", "abs(speed)"}) {
    EXPECT_TRUE(std::isnan(evaluated(text, kNotANumber))) << text;
  }
  EXPECT_TRUE(std::isinf(evaluated("speed / 0")));
}

TEST(Formula, SmallestLargestAndSignAreTheOnesOfMathematics) {
  EXPECT_DOUBLE_EQ(evaluated("min(speed, slip, 2)"), 0.25);
  EXPECT_DOUBLE_EQ(evaluated("max(speed, slip, 7)"), 7.0);
  EXPECT_DOUBLE_EQ(evaluated("sign(-speed) + sign(0) + 2 * sign(slip)"), 1.0);
}

TEST(Formula, AnUnknownNameIsUnderlinedAndTheNearestIsShown) {
  const ExpressionError error = refused("2 * sped + slip");

  EXPECT_EQ(error.at, 4u);
  EXPECT_EQ(error.length, 4u);
  EXPECT_EQ(error.message, "there is no signal 'sped'; did you mean 'speed'?");
  EXPECT_EQ(error.help, "names here: speed, slip, t, safe, running");
  EXPECT_EQ(refused("torque").message, "there is no signal 'torque'");
  EXPECT_EQ(marked("1 + torque"), "torque");
}

TEST(Formula, AMisspeltNameWithinDeltaIsShownAsItWasWritten) {
  const ExpressionError error = refused("1 + delta(sped)");

  EXPECT_EQ(error.message, "there is no signal 'sped'; did you mean 'speed'?");
  EXPECT_EQ(error.at, 10u);
  EXPECT_EQ(error.length, 4u);
}

TEST(Formula, DeltaTakesOneSignal) {
  EXPECT_EQ(refused("delta(speed + slip)").message, "delta() takes one signal");
  EXPECT_EQ(marked("1 + delta(speed + slip)"), "speed + slip");
  EXPECT_EQ(refused("delta()").message, "delta() takes one signal");
  EXPECT_EQ(refused("delta(t)").message, "delta() takes one signal");
  EXPECT_EQ(refused("delta(safe)").message, "delta() takes one signal");
  EXPECT_EQ(refused("delta").message, "delta() takes one signal");
}

TEST(Formula, ANumberBeforeANameIsNoUnit) {
  EXPECT_EQ(marked("5 speed"), "speed");
  EXPECT_EQ(marked("5 kg"), "kg");
}

TEST(Formula, RefusesWhatIsNoSingleValue) {
  EXPECT_EQ(refused("speed, slip").message, "one value is wanted here, not 2");
  EXPECT_EQ(marked("speed = 3"), "=");
  EXPECT_EQ(refused("speed = 3").message, "'=' gives a value to nothing here");
  EXPECT_EQ(marked("\"speed\""), "\"");
}

TEST(Formula, RefusesBrokenTextAtItsPlace) {
  EXPECT_EQ(refused("").message, "a value is missing here");
  EXPECT_EQ(refused("speed +").message, "a value is missing here");
  EXPECT_EQ(refused("speed +").at, 7u);
  EXPECT_EQ(refused("(speed").message, "a parenthesis is never closed");
  EXPECT_EQ(marked("speed)"), ")");
  EXPECT_EQ(refused("1 + speed slip").message, "'slip' cannot stand here");
  EXPECT_EQ(marked("1 + speed slip"), "slip");
  EXPECT_EQ(marked("* 3"), "*");
  EXPECT_EQ(marked("speed $ 2"), "$");
}

TEST(Formula, RefusesFunctionsThatAreMisused) {
  EXPECT_EQ(refused("sqrt(1, 2)").message, "sqrt() takes fewer arguments");
  EXPECT_EQ(refused("1 + sqrt()").message, "sqrt() takes more arguments");
  EXPECT_EQ(refused("sqrt").message, "'sqrt' is a function");
  EXPECT_EQ(refused("1 + sqr(2)").message, "there is no function 'sqr'");
  EXPECT_EQ(marked("1 + sqr(2)"), "sqr");
}

TEST(Formula, MovesWithItsAddresses) {
  ExpressionError error;
  auto first = Formula::parse("speed + t", plain_scope(), error);
  const Formula sut = std::move(*first);
  first.reset();

  const std::array values{1.0, 0.0};
  const std::array deltas{0.0, 0.0};
  EXPECT_DOUBLE_EQ(sut.value({4.0, values, deltas}), 5.0);
}

}  // namespace
}  // namespace takt::scenario
