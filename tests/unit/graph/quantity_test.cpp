#include <gtest/gtest.h>

#include <takt/graph/quantity.hpp>

namespace {

using takt::graph::parse_quantity;
using takt::graph::Quantity;

void expect_quantity(const char* text, double number, const char* unit) {
  SCOPED_TRACE(text);
  const auto quantity = parse_quantity(text);
  ASSERT_TRUE(quantity.has_value());
  EXPECT_EQ(quantity->number, number);
  EXPECT_EQ(quantity->unit, unit);
}

TEST(ParseQuantity, ReadsANumberAndItsUnit) {
  expect_quantity("10 rad/s", 10, "rad/s");
  expect_quantity("10ms", 10, "ms");
  expect_quantity("0.5", 0.5, "");
  expect_quantity("1e-3 N.m", 1e-3, "N.m");
  expect_quantity("20 %", 20, "%");
  expect_quantity("  -.5e+2  V ", -50, "V");
  expect_quantity("+7", 7, "");
}

TEST(ParseQuantity, TakesALeadingZeroAsDecimal) { expect_quantity("010", 10, ""); }

TEST(ParseQuantity, TakesAnExponentOnlyWithDigits) {
  expect_quantity("5eV", 5, "eV");
  expect_quantity("5e", 5, "e");
  expect_quantity("0x10", 0, "x10");
}

TEST(ParseQuantity, RefusesWhatIsNoFiniteNumber) {
  for (const char* text : {"", " ", "V", "inf", "-inf", "nan", ".inf", ".", "-", "+", "+-1", "--1",
                           "1e400", "-1e999", "e5", "ten"}) {
    EXPECT_FALSE(parse_quantity(text).has_value()) << text;
  }
}

}  // namespace
