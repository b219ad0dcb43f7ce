#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include <takt/graph/units.hpp>

namespace {

using takt::graph::convert;
using takt::graph::convertible;
using takt::graph::is_unit;
using takt::graph::per_second;
using takt::graph::same_unit;

TEST(Units, KnowsWhatEngineersWrite) {
  for (const char* unit :
       {"V",   "mV",   "A",     "rad",   "deg",  "degree", "rad/s",     "rpm",     "N.m",
        "N m", "m/s2", "m/s^2", "kg.m2", "degC", "K",      "%",         "1",       "1/s",
        "Hz",  "Ohm",  "H",     "ms",    "us",   "min",    "\xC2\xB5s", "\xC2\xB0"}) {
    EXPECT_TRUE(is_unit(unit)) << unit;
  }
}

TEST(Units, RefusesFactorsTimesOfDayLogarithmsAndNonsense) {
  for (const char* unit : {"", "2 V", "10", "-1", "s since 2000-01-01", "s @ 10", "lg(re 1 mW)",
                           "dB", "Nm", "furlongs per", "V;A", "(", "1/"}) {
    EXPECT_FALSE(is_unit(unit)) << unit;
  }
  EXPECT_FALSE(is_unit(std::string(100, 'm')));
}

TEST(Units, ConvertsWithOneRounding) {
  EXPECT_EQ(convert(10, "ms", "s"), 0.01);
  EXPECT_EQ(convert(3, "us", "s"), 3e-6);
  EXPECT_EQ(convert(7, "mV", "V"), 0.007);
  EXPECT_EQ(convert(1.5, "kohm", "Ohm"), 1500.0);
  EXPECT_EQ(convert(20, "%", "1"), 0.2);
  EXPECT_EQ(convert(20, "degC", "K"), 293.15);
  EXPECT_DOUBLE_EQ(convert(60, "rpm", "rad/s").value(), 2 * std::numbers::pi);
  EXPECT_DOUBLE_EQ(convert(180, "deg", "rad").value(), std::numbers::pi);
}

TEST(Units, RefusesOtherQuantities) {
  EXPECT_FALSE(convertible("V", "A"));
  EXPECT_FALSE(convertible("m", "m2"));
  EXPECT_FALSE(convertible("V", "nonsense"));
}

TEST(Units, DoesNotTakeTurnsForRadians) {
  EXPECT_FALSE(convertible("Hz", "rad/s"));
  EXPECT_FALSE(convertible("1/s", "rad/s"));
  EXPECT_FALSE(convertible("%", "rad"));
  EXPECT_TRUE(convertible("rpm", "rad/s"));
}

TEST(Units, TakesRadiansForNothingBesideOtherUnits) {
  EXPECT_TRUE(same_unit("V.s/rad", "V.s"));
  EXPECT_TRUE(same_unit("N.m/rad", "N.m"));
}

TEST(Units, ComparesMeaningNotSpelling) {
  EXPECT_TRUE(same_unit("rad/s", "rad.s-1"));
  EXPECT_TRUE(same_unit("N.m", "kg.m2/s2"));
  EXPECT_FALSE(same_unit("V", "mV"));
  EXPECT_FALSE(same_unit("K", "degC"));
}

TEST(Units, MakesTheUnitOfARate) { EXPECT_EQ(convert(60, "V/min", per_second("V")), 1.0); }

}  // namespace
